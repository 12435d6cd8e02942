import { randomUUID } from "node:crypto";
import { link, open, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";

import type { Sweep, Swept } from "./blob-store.ts";
import { PRIVATE_FILE } from "./private-modes.ts";

/** Names that one question asks about. */
const BATCH = 500;

/**
 * Remove what lies in a folder under names that nobody uses and that have been there for a while.
 *
 * A name whose age begins anew between the question and the removal stays.
 */
export async function sweepFolder(folder: string, sweep: Sweep): Promise<Swept> {
  const swept = { count: 0, sizeBytes: 0 };
  const names = await readdir(folder).catch(() => []);
  for (let start = 0; start < names.length; start += BATCH) {
    const old: string[] = [];
    for (const name of names.slice(start, start + BATCH)) {
      if ((await sizeIfOld(join(folder, name), sweep)) !== null) old.push(name);
    }
    const used = old.length === 0 ? new Set() : await sweep.findUsed(old);
    for (const name of old) {
      const path = join(folder, name);
      const sizeBytes = used.has(name) ? null : await sizeIfOld(path, sweep);
      if (sizeBytes === null) continue;
      await rm(path, { recursive: true, force: true });
      swept.count++;
      swept.sizeBytes += sizeBytes;
    }
  }
  return swept;
}

async function sizeIfOld(path: string, { olderThanMs }: Sweep): Promise<number | null> {
  const found = await stat(path).catch(() => null);
  return found !== null && Date.now() - found.mtimeMs > olderThanMs ? found.size : null;
}

/** Write a name into a file that has none yet; returns the name that it has. */
export async function claimOnce(file: string, name: string): Promise<string> {
  const draft = `${file}.${randomUUID()}`;
  const written = await open(draft, "wx", PRIVATE_FILE);
  try {
    await written.writeFile(name);
    await written.sync();
  } finally {
    await written.close();
  }
  try {
    // A link, unlike a rename, never replaces what is there.
    await link(draft, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
  return readFile(file, "utf8");
}
