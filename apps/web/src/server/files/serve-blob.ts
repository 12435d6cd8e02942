import type { ContentHash } from "@loupe/contracts";
import type { BlobStore } from "@loupe/platform";

import { serveStream, type ServedFile } from "./serve-stream.ts";

type ServedBlob = Omit<ServedFile, "tag" | "sizeBytes" | "open" | "openRange"> & {
  readonly key: ContentHash;
};

/** Stream a stored blob as it is, or the part of it that is asked for. */
export async function serveBlob(
  request: Request,
  blobs: BlobStore,
  { key, ...file }: ServedBlob,
): Promise<Response> {
  const sizeBytes = await blobs.size(key);
  return serveStream(request, {
    ...file,
    tag: key,
    sizeBytes,
    open: () => blobs.openRead(key),
    openRange: (range) => blobs.openRead(key, range),
  });
}
