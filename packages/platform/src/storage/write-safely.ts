import { randomUUID } from "node:crypto";
import { link, mkdir, open, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";

import { findIfThere } from "./find-if-there.ts";
import { UnfitObjectName } from "./object-store.ts";
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

/**
 * Write a stream to a new file that is on the disk when this returns; its path.
 *
 * Whatever goes wrong on the way leaves no file.
 */
export async function writeTemporary(
  { folder, readSpace }: Drafts,
  source: AsyncIterable<Uint8Array>,
): Promise<string> {
  const path = join(folder, randomUUID());
  let sizeBytes = 0;
  let lookAgainAt = LOOK_EVERY_BYTES;
  await requireRoom(folder, readSpace);
  const file = await open(path, "wx", PRIVATE_FILE);
  try {
    for await (const chunk of source) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes >= lookAgainAt) {
        lookAgainAt = sizeBytes + LOOK_EVERY_BYTES;
        await requireRoom(folder, readSpace);
      }
      await file.writeFile(chunk);
    }
    await file.sync();
    await file.close();
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(path, { force: true });
    throw error;
  }
  return path;
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
  await giveName(from, to, rename);
}

/** The same for a name that nothing has yet; false, and the file goes, where something has. */
export async function keepNewFile(from: string, to: string): Promise<boolean> {
  try {
    // A link, unlike a rename, never replaces what is there.
    await giveName(from, to, link);
  } catch (error) {
    if (error instanceof UnfitObjectName && codeOf(error.cause) === "EEXIST") {
      const taken = await findIfThere(stat(to));
      if (taken?.isFile() === true) return false;
    }
    throw error;
  }
  await rm(from, { force: true });
  return true;
}

/** What a system says of a name that it cannot hold beside what is there. */
const UNFIT = new Set(["ENAMETOOLONG", "ENOTDIR", "EEXIST", "EISDIR", "EINVAL", "EILSEQ"]);

async function giveName(
  from: string,
  to: string,
  how: (from: string, to: string) => Promise<void>,
): Promise<void> {
  const folder = dirname(to);
  try {
    await mkdir(folder, { recursive: true, mode: PRIVATE_FOLDER });
    await how(from, to);
  } catch (error) {
    await rm(from, { force: true });
    if (!UNFIT.has(codeOf(error))) throw error;
    throw new UnfitObjectName(`Expected a name that this system can hold, got ${to}.`, {
      cause: error,
    });
  }
  // The name is an entry of its folder, which has to reach the disk as well.
  const directory = await open(folder, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** True when the file is there; whoever stores its content again is about to name it in a row. */
export async function beginAgeAnew(path: string): Promise<boolean> {
  const now = new Date();
  return (await findIfThere(utimes(path, now, now).then(() => true))) ?? false;
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
