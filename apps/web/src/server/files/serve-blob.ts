import type { ContentHash } from "@loupe/contracts";
import type { BlobStore } from "@loupe/platform";

import { serveStream, type ServedFile } from "./serve-stream.ts";

type ServedBlob = Omit<ServedFile, "tag" | "sizeBytes" | "open"> & { readonly key: ContentHash };

/** Stream a stored blob as it is. */
export async function serveBlob(
  request: Request,
  blobs: BlobStore,
  { key, ...file }: ServedBlob,
): Promise<Response> {
  const sizeBytes = await blobs.size(key);
  return serveStream(request, { ...file, tag: key, sizeBytes, open: () => blobs.openRead(key) });
}
