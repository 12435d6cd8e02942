import { blobName } from "./blob-name.ts";
import type { BlobDraft } from "./draft-blob.ts";
import type { ObjectStore } from "./object-store.ts";

/** Bring a draft into the store. Content that the store has already stays as it is, and is new again. */
export async function keepBlob(
  objects: Pick<ObjectStore, "renew">,
  { draft, sha256 }: BlobDraft,
): Promise<void> {
  const name = blobName(sha256);
  if (await objects.renew(name)) await draft.discard();
  else await draft.keep(name);
}
