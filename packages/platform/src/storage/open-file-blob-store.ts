import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import type { BlobStore } from "./blob-store.ts";
import { buildBlobStore } from "./build-blob-store.ts";
import { openFileObjectStore } from "./open-file-object-store.ts";
import { PRIVATE_FOLDER } from "./private-modes.ts";
import type { ReadSpace } from "./read-space.ts";

/** A blob store in a folder: `sha256/ab/abcd…`, `uploads/`, `temporary/` and `claimed-by`. */
export async function openFileBlobStore(folder: string, readSpace?: ReadSpace): Promise<BlobStore> {
  const objects = await openFileObjectStore(folder, readSpace);
  for (const area of ["sha256", "uploads"]) {
    await mkdir(join(folder, area), { recursive: true, mode: PRIVATE_FOLDER });
  }
  return buildBlobStore(objects);
}
