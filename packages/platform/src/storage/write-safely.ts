import { AppError, type ContentHash } from "@loupe/contracts";
import { createHash, randomUUID } from "node:crypto";
import { access, mkdir, open, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";

import type { StoreLimits } from "./blob-store.ts";
import { PRIVATE_FILE, PRIVATE_FOLDER } from "./private-modes.ts";
import type { ReadSpace } from "./read-space.ts";

/** Left for the database: pictures may fill the disk no further, so that people's decisions still fit. */
export const KEPT_FREE_BYTES = 32 * 1024 ** 2;
/** How much may be written before the room is looked at again. */
const LOOK_EVERY_BYTES = 8 * 1024 ** 2;

export type Drafts = {
  /** Where unfinished files lie. */
  readonly folder: string;
  readonly readSpace: ReadSpace;
};

export type TemporaryFile = {
  readonly path: string;
  readonly sha256: ContentHash;
  readonly sizeBytes: number;
};

/**
 * Write a stream to a new file that is on the disk when this returns.
 *
 * Whatever goes wrong on the way, and a stream longer than the limit, leaves no file.
 */
export async function writeTemporary(
  { folder, readSpace }: Drafts,
  source: AsyncIterable<Uint8Array>,
  { maxBytes }: StoreLimits,
): Promise<TemporaryFile> {
  const path = join(folder, randomUUID());
  const hash = createHash("sha256");
  let sizeBytes = 0;
  let lookAgainAt = LOOK_EVERY_BYTES;
  await requireRoom(folder, readSpace);
  const file = await open(path, "wx", PRIVATE_FILE);
  try {
    for await (const chunk of source) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > maxBytes) {
        throw new AppError(
          "TOO_LARGE",
          `Expected at most ${maxBytes} bytes, got more. Split the upload or raise the limit.`,
          { maxBytes },
        );
      }
      if (sizeBytes >= lookAgainAt) {
        lookAgainAt = sizeBytes + LOOK_EVERY_BYTES;
        await requireRoom(folder, readSpace);
      }
      hash.update(chunk);
      await file.writeFile(chunk);
    }
    await file.sync();
    await file.close();
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(path, { force: true });
    throw error;
  }
  return { path, sha256: hash.digest("hex") as ContentHash, sizeBytes };
}

/** Fails as the system does on a full disk, only a little earlier. */
async function requireRoom(folder: string, readSpace: ReadSpace): Promise<void> {
  const { freeBytes } = await readSpace(folder);
  if (freeBytes >= KEPT_FREE_BYTES) return;
  const message = `ENOSPC: no space left on device but the last ${KEPT_FREE_BYTES} bytes, write '${folder}'`;
  throw Object.assign(new Error(message), { code: "ENOSPC" });
}

/** Give a complete file its name, in one step that a crash cannot halve; if it cannot have it, it goes. */
export async function keepFile(from: string, to: string): Promise<void> {
  const folder = dirname(to);
  try {
    await mkdir(folder, { recursive: true, mode: PRIVATE_FOLDER });
    await rename(from, to);
  } catch (error) {
    await rm(from, { force: true });
    throw error;
  }
  // The name is an entry of its folder, which has to reach the disk as well.
  const directory = await open(folder, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** True when the file is there; whoever stores its content again is about to name it in a row. */
export async function beginAgeAnew(path: string): Promise<boolean> {
  const now = new Date();
  return utimes(path, now, now).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return false;
      throw error;
    },
  );
}

/** No write takes this long; what is older was left by a process that was killed. */
const ABANDONED_AFTER_MS = 24 * 3600 * 1000;

/** Remove the unfinished files of processes that died. */
export async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => null);
    if (found !== null && Date.now() - found.mtimeMs > ABANDONED_AFTER_MS) {
      await rm(path, { force: true });
    }
  }
}
