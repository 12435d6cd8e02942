import type { ContentHash } from "@loupe/contracts";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";

import type { StagedBlobs } from "./blob-store.ts";
import { draftBlob, type BlobDraft } from "./draft-blob.ts";
import { keepBlob } from "./keep-blob.ts";
import type { ObjectStore } from "./object-store.ts";

/** Blobs beside the store until it is known that a row will name them. */
export function stageBlobs(objects: ObjectStore): StagedBlobs {
  const drafts = new Map<ContentHash, BlobDraft>();
  const require = (key: ContentHash): BlobDraft => {
    const staged = drafts.get(key);
    if (staged !== undefined) return staged;
    throw new Error(`Expected the key of a blob that is staged here, got ${key}.`);
  };

  const putStream: StagedBlobs["putStream"] = async (source, limits) => {
    const staged = await draftBlob(objects, source, limits);
    const { sha256, sizeBytes } = staged;
    if (drafts.has(sha256)) await staged.draft.discard();
    else drafts.set(sha256, staged);
    return { sha256, sizeBytes };
  };
  return {
    putStream,
    putFile: async (path) =>
      putStream(createReadStream(path), { maxBytes: (await stat(path)).size }),

    async withLocalFile(key, use) {
      const file = await require(key).draft.lend();
      try {
        return await use(file.path);
      } finally {
        await file.release();
      }
    },

    async keep(keys) {
      for (const key of new Set(keys)) await keepBlob(objects, require(key));
    },

    async discard() {
      for (const { draft } of drafts.values()) await draft.discard();
      drafts.clear();
    },
  };
}
