import { createHash, type KeyObject, sign, verify } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";

import { publicTextOf, toPublicKey } from "./signing-key.ts";

/** Where the file's metadata has its signature. */
export const SIGNATURE_KEY = "loupe.signature";

/** What is signed begins so, so that no signature of something else can stand for it. */
const PURPOSE = "loupe detector file\n";
/** Algorithm, public key and signature, both in base64url. */
const FORM = /^ed25519 ([\w-]{43}) ([\w-]{86})$/;
const UNSIGNED = "A".repeat(86);
const READ_BYTES = 1 << 20;

/** What stands in a file's metadata until it is signed; as long as the signature. */
export function signaturePlaceholder(key: KeyObject): string {
  return `ed25519 ${publicTextOf(key)} ${UNSIGNED}`;
}

type Place = { readonly digest: Buffer; readonly position: number };

/**
 * SHA-256 of all of a file's bytes with its signature blanked, and where the signature stands.
 *
 * @param text the signature as the metadata has it; it stands once in the file's header
 */
async function digestOf(file: FileHandle, text: string): Promise<Place | null> {
  const prefix = Buffer.alloc(8);
  await file.read(prefix, 0, prefix.length, 0);
  const header = Buffer.alloc(8 + Number(prefix.readBigUInt64LE()));
  await file.read(header, 0, header.length, 0);
  const start = header.indexOf(text, 8, "latin1");
  if (start < 0 || header.indexOf(text, start + 1, "latin1") >= 0) return null;
  const position = start + text.length - UNSIGNED.length;
  header.write(UNSIGNED, position, "latin1");

  const hash = createHash("sha256").update(header);
  const chunk = Buffer.alloc(READ_BYTES);
  for (let at = header.length; ;) {
    const { bytesRead } = await file.read(chunk, 0, chunk.length, at);
    if (bytesRead === 0) return { digest: hash.digest(), position };
    hash.update(chunk.subarray(0, bytesRead));
    at += bytesRead;
  }
}

function message(digest: Buffer): Buffer {
  return Buffer.concat([Buffer.from(PURPOSE), digest]);
}

/** Sign a file that has `signaturePlaceholder` in its metadata: every byte but the signature's own. */
export async function signDetectorFile(path: string, key: KeyObject): Promise<void> {
  const file = await open(path, "r+");
  try {
    const place = await digestOf(file, signaturePlaceholder(key));
    if (place === null) throw new Error(`Expected a place for a signature in ${path}, got none.`);
    const signature = sign(null, message(place.digest), key).toString("base64url");
    await file.write(signature, place.position, "latin1");
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * The public key by which a file was signed.
 *
 * @throws one sentence when any byte was changed after that
 */
export async function verifyDetectorFile(path: string, text: string): Promise<string> {
  const [, publicText = "", signatureText = ""] = FORM.exec(text) ?? [];
  const signature = Buffer.from(signatureText, "base64url");
  const file = await open(path);
  try {
    const place = publicText === "" ? null : await digestOf(file, text);
    if (place !== null) {
      const isGenuine = verify(null, message(place.digest), toPublicKey(publicText), signature);
      // The last of its characters has bits that no byte takes up.
      const isExact = signature.toString("base64url") === signatureText;
      if (isGenuine && isExact) return publicText;
    }
  } finally {
    await file.close();
  }
  throw new Error(
    `Expected a detector file as it was signed, but ${path} was changed after it was signed. ` +
      "Copy it anew from where it was trained.",
  );
}
