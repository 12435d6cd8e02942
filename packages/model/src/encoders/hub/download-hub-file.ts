import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

import { downloadFile } from "@huggingface/hub";

import type { HubFile, HubRepository } from "./hub-file.ts";

async function sizeOf(path: string): Promise<number | null> {
  return (await stat(path).catch(() => null))?.size ?? null;
}

/** Whether the bytes of a file are those that the hub has. */
async function isWhole(path: string, { sizeBytes, hash }: HubFile): Promise<boolean> {
  if ((await sizeOf(path)) !== sizeBytes) return false;
  const digest = createHash(hash.kind === "git" ? "sha1" : "sha256");
  // Git hashes a header before the bytes.
  if (hash.kind === "git") digest.update(`blob ${sizeBytes}\0`);
  await pipeline(createReadStream(path), digest, { end: false });
  return digest.digest("hex") === hash.hex;
}

/** The bytes from `start` on. @throws when the connection breaks */
async function* remoteBytes(
  file: HubFile,
  { hub, name, fetch }: HubRepository,
  start: number,
): AsyncGenerator<Uint8Array, void, void> {
  const { path, revision } = file;
  // Plain ranges of the file: they can start anywhere, which is what going on needs.
  const options = { repo: name, path, revision, hubUrl: hub, fetch, xet: false } as const;
  const blob = await downloadFile(options);
  if (blob === null) throw new Error(`Expected ${path} in ${name} on ${hub}, but it is not there.`);
  if (blob.size !== file.sizeBytes) {
    throw new Error(`Expected ${file.sizeBytes} bytes of ${path}, but the hub sends ${blob.size}.`);
  }
  const stream: ReadableStream<Uint8Array> = (start === 0 ? blob : blob.slice(start)).stream();
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/**
 * Fetch a file into `folder`, going on where an earlier attempt stopped.
 *
 * Bytes gather in a partial file that is named after their hash, so that those of another version
 * never mix in; it takes its name once the hash is right.
 *
 * Yields how many bytes are there. @throws when the connection breaks, leaving what has come, or
 * when the hash is wrong, leaving nothing
 */
export async function* downloadHubFile(
  file: HubFile,
  repository: HubRepository,
  folder: string,
): AsyncGenerator<number, void, void> {
  const { path, sizeBytes, hash } = file;
  const target = join(folder, path);
  if (await isWhole(target, file)) {
    yield sizeBytes;
    return;
  }
  const partial = `${target}.${hash.hex.slice(0, 12)}.partial`;
  let done = (await sizeOf(partial)) ?? 0;
  if (done > sizeBytes) {
    await rm(partial);
    done = 0;
  }
  yield done;
  if (done < sizeBytes) {
    const out = await open(partial, "a");
    try {
      for await (const bytes of remoteBytes(file, repository, done)) {
        await out.writeFile(bytes);
        done += bytes.length;
        yield done;
        if (done > sizeBytes) break;
      }
      await out.sync();
    } finally {
      await out.close();
    }
    if (done < sizeBytes) throw new Error(`The connection ended after ${done} bytes.`);
  }
  if (!(await isWhole(partial, file))) {
    await rm(partial);
    throw new DamagedDownloadError(path, hash.hex);
  }
  await rename(partial, target);
}

/** All bytes have come, and they are not the ones that the hub announced. */
export class DamagedDownloadError extends Error {
  override readonly name = "DamagedDownloadError";

  constructor(path: string, hash: string) {
    super(
      `Expected ${path} with the hash ${hash.slice(0, 12)}…, but other bytes came, and they were ` +
        "removed. Fetch it again; if it happens again, the hub or what lies between is at fault.",
    );
  }
}
