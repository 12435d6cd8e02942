import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
} from "node:crypto";
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

const KEY_TYPE = "ed25519";
/** For the account that runs Loupe alone. */
const PRIVATE_MODE = 0o600;

/** The private key with which an installation signs its models; made when there is none yet. */
export async function openSigningKey(path: string): Promise<KeyObject> {
  const known = await findSigningKey(path);
  if (known !== null) return known;
  const { privateKey } = generateKeyPairSync(KEY_TYPE);
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${randomUUID()}.partial`;
  try {
    const text = privateKey.export({ type: "pkcs8", format: "pem" });
    await writeFile(draft, text, { mode: PRIVATE_MODE, flag: "wx" });
    // Of processes that come here together one has its key kept, and all read that one.
    await link(draft, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
  return readKey(path);
}

/** The installation's private key, null when it has none. @throws when the file is something else */
export async function findSigningKey(path: string): Promise<KeyObject | null> {
  return readKey(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
}

async function readKey(path: string): Promise<KeyObject> {
  const text = await readFile(path, "utf8");
  const key = parseKey(text);
  if (key?.asymmetricKeyType === KEY_TYPE) return key;
  throw new Error(
    `Expected an Ed25519 private key in ${path}, got something else. Restore the file, or remove ` +
      "it: a new key is made, and models of before then count as not signed here.",
  );
}

function parseKey(text: string): KeyObject | null {
  try {
    return createPrivateKey(text);
  } catch {
    return null;
  }
}

/** The 32 bytes of the public key that belongs to a private one, as base64url text. */
export function publicTextOf(privateKey: KeyObject): string {
  const { x } = createPublicKey(privateKey).export({ format: "jwk" });
  if (x === undefined) throw new Error("Expected an Ed25519 key, got one of another kind.");
  return x;
}

/** The public key of `publicTextOf`. */
export function toPublicKey(text: string): KeyObject {
  return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: text }, format: "jwk" });
}
