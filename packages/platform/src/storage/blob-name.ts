import { ContentHash } from "@loupe/contracts";

/** Below this name lie all blobs. */
export const BLOBS = "sha256";

/** The name of a blob's object. Throws for what is no hash, so that no key leads elsewhere. */
export function blobName(key: ContentHash): string {
  return `${BLOBS}/${ContentHash.parse(key).slice(0, 2)}/${key}`;
}
