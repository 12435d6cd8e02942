import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { ExpectedFailure } from "../process/expected-failure.ts";
import { closeHome } from "./close-home.ts";

const MEBIBYTE = 1024 ** 2;
/** A database with its log of changes, and a little to work with. */
const NEEDED_BY_NEW_MIB = 192;
/** More than uploads leave free, so that what starts can also be used. */
const NEEDED_MIB = 40;

type Room = {
  /** Whether this home has a database already. */
  readonly hasDatabase: boolean;
  readonly freeBytes: number;
};

/** Make a home folder usable: there, its owner's alone, and writable. Throws what the system says. */
export async function prepareHome(home: string): Promise<void> {
  await closeHome(home);
  await mkdir(join(home, "logs"), { recursive: true, mode: 0o700 });
  const probe = join(home, ".may-be-written");
  try {
    // As much as a block: a full disk takes empty files for a while.
    await writeFile(probe, Buffer.alloc(8192, 1), { mode: 0o600 });
  } finally {
    await rm(probe, { force: true }).catch(() => undefined);
  }
}

/** Throws a sentence where Loupe would start only to stop again. */
export function requireRoom(home: string, { hasDatabase, freeBytes }: Room): void {
  const neededMib = hasDatabase ? NEEDED_MIB : NEEDED_BY_NEW_MIB;
  if (freeBytes >= neededMib * MEBIBYTE) return;
  throw new ExpectedFailure(
    `The disk of ${home} is full: Loupe needs ${neededMib} MiB to start, and ` +
      `${Math.floor(freeBytes / MEBIBYTE)} MiB are free. Make room there, or set LOUPE_HOME to a ` +
      "folder on another disk.",
  );
}
