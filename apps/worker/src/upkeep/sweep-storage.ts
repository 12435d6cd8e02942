import { randomUUID } from "node:crypto";
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

import type { Sweep, Swept } from "@loupe/platform";

import type { WorkerServices } from "../worker-services.ts";

/** No upload and no job takes this long between writing a file and the row that names it. */
const GRACE_MS = 24 * 3600 * 1000;
/** Folders of runs are named by the run; anything else there is not ours to remove. */
const RUN_FOLDER = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export type SweepServices = Pick<WorkerServices, "db" | "blobs" | "folders" | "logger">;

export type SweptStorage = {
  readonly blobs: Swept;
  readonly uploads: Swept;
  /** Folders of runs that have ended. */
  readonly runs: number;
  /** Short-lived files of workers that were killed. */
  readonly scratch: number;
};

/**
 * Remove the files that no row names any more, or never came to name: pictures of an upload that
 * was taken back, maps and checkpoints of a run that was cancelled, uploads that broke off.
 *
 * Nothing younger than a day is touched. Only the database that was first to use the files may
 * say that they are not needed: with another one, null is returned and everything stays.
 */
export async function sweepStorage(
  { db, blobs, folders, logger }: SweepServices,
  { signal, graceMs = GRACE_MS }: { signal?: AbortSignal; graceMs?: number } = {},
): Promise<SweptStorage | null> {
  const { storedFiles } = db;
  if (!(await isOurs({ db, blobs }))) {
    logger.warn(
      "these blobs belong to another database, so none is swept; " +
        "if that one is gone, remove the file claimed-by from their folder",
    );
    return null;
  }
  const sweep = (findUsed: Sweep["findUsed"]): Sweep => ({
    olderThanMs: graceMs,
    findUsed: (keys) => {
      signal?.throwIfAborted();
      return findUsed(keys);
    },
  });
  const swept = {
    blobs: await blobs.sweepBlobs(sweep((keys) => storedFiles.findNamedBlobs(keys))),
    uploads: await blobs.sweepUploads(sweep((keys) => storedFiles.findNamedUploads(keys))),
    runs: await sweepRuns({ db, folders }, graceMs),
    scratch: await removeOld(folders.scratch, await listOld(folders.scratch, graceMs)),
  };
  if (swept.blobs.count + swept.uploads.count + swept.runs + swept.scratch > 0) {
    logger.info(swept, "files that nothing needs were removed");
  }
  return swept;
}

/** True for the database that claimed the blobs, which the first to ask does. */
async function isOurs({ db, blobs }: Pick<SweepServices, "db" | "blobs">): Promise<boolean> {
  let claimant = await blobs.claimant();
  if (claimant === null) {
    const name = randomUUID();
    // First here, so that a claim in the folder is always known to its database.
    await db.storedFiles.rememberClaim(name);
    claimant = await blobs.claim(name);
  }
  return db.storedFiles.hasClaim(claimant);
}

async function sweepRuns(
  { db, folders }: Pick<SweepServices, "db" | "folders">,
  graceMs: number,
): Promise<number> {
  const old = (await listOld(folders.runs, graceMs)).filter((name) => RUN_FOLDER.test(name));
  if (old.length === 0) return 0;
  const unended = await db.storedFiles.findUnendedRuns(old);
  return removeOld(
    folders.runs,
    old.filter((name) => !unended.has(name)),
  );
}

async function listOld(folder: string, graceMs: number): Promise<string[]> {
  const old: string[] = [];
  for (const name of await readdir(folder).catch(() => [])) {
    const found = await stat(join(folder, name)).catch(() => null);
    if (found !== null && Date.now() - found.mtimeMs > graceMs) old.push(name);
  }
  return old;
}

async function removeOld(folder: string, names: readonly string[]): Promise<number> {
  for (const name of names) await rm(join(folder, name), { recursive: true, force: true });
  return names.length;
}
