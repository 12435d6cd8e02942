import type { ContentHash } from "@loupe/contracts";
import { createReadStream } from "node:fs";
import { mkdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";

import type { StagedBlobs } from "./blob-store.ts";
import { PRIVATE_FOLDER } from "./private-modes.ts";
import { beginAgeAnew, type Drafts, keepFile, writeTemporary } from "./write-safely.ts";

export type StageFolders = {
  /** Made here, and gone after `discard`. */
  readonly folder: string;
  readonly drafts: Drafts;
  /** Where a blob lies once it is kept. */
  readonly blobPath: (key: ContentHash) => string;
};

/** Blobs beside the store until it is known that a row will name them. */
export async function stageBlobs(folders: StageFolders): Promise<StagedBlobs> {
  const { folder, drafts, blobPath } = folders;
  await mkdir(folder, { mode: PRIVATE_FOLDER });
  const stagedPath = (key: ContentHash): string => join(folder, key);

  const putStream: StagedBlobs["putStream"] = async (source, limits) => {
    const { path, sha256, sizeBytes } = await writeTemporary(drafts, source, limits);
    await rename(path, stagedPath(sha256));
    return { sha256, sizeBytes };
  };
  return {
    putStream,
    putFile: async (path) =>
      putStream(createReadStream(path), { maxBytes: (await stat(path)).size }),
    path: (key) => Promise.resolve(stagedPath(key)),
    async keep(keys) {
      for (const key of new Set(keys)) {
        // Content that the store has already stays as it is.
        if (!(await beginAgeAnew(blobPath(key)))) await keepFile(stagedPath(key), blobPath(key));
      }
    },
    discard: () => rm(folder, { recursive: true, force: true }),
  };
}
