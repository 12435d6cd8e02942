import { AppError, type ContentHash } from "@loupe/contracts";
import { createHash } from "node:crypto";

import type { StoredBlob, StoreLimits } from "./blob-store.ts";
import type { ObjectDraft, ObjectStore } from "./object-store.ts";

/** Complete content without a name, and the hash that will be its name. */
export type BlobDraft = StoredBlob & { readonly draft: ObjectDraft };

/** Write a stream to a draft, hashing it on the way. One longer than the limit leaves nothing. */
export async function draftBlob(
  objects: Pick<ObjectStore, "draft">,
  source: AsyncIterable<Uint8Array>,
  { maxBytes }: StoreLimits,
): Promise<BlobDraft> {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  async function* measured(): AsyncGenerator<Uint8Array, void, void> {
    for await (const chunk of source) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > maxBytes) {
        throw new AppError(
          "TOO_LARGE",
          `Expected at most ${maxBytes} bytes, got more. Split the upload or raise the limit.`,
          { maxBytes },
        );
      }
      hash.update(chunk);
      yield chunk;
    }
  }
  const draft = await objects.draft(measured());
  return { draft, sha256: hash.digest("hex") as ContentHash, sizeBytes };
}
