import type { BlobStore } from "../storage/blob-store.ts";
import { buildBlobStore } from "../storage/build-blob-store.ts";
import { openMemoryObjectStore } from "./open-memory-object-store.ts";

/** A blob store without a folder: what works with it depends on no path. */
export function openMemoryBlobStore(): BlobStore {
  return buildBlobStore(openMemoryObjectStore());
}
