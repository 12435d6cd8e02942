import { join } from "node:path";
import { Readable } from "node:stream";

import { findImageFile } from "@loupe/application";
import { AppError, type ImageId } from "@loupe/contracts";
import sharp from "sharp";

import { callerOf } from "../../../server/caller-of.ts";
import { deriveFile } from "../../../server/files/derive-file.ts";
import { serveStream } from "../../../server/files/serve-stream.ts";
import type { RestCall } from "../../../server/rest.ts";

/** Longer side of a thumbnail in pixels: a grid cell on a screen of twice the density. */
const THUMBNAIL_SIDE = 256;

/** A small copy of an image for grids, made once. */
export async function serveThumbnail(call: RestCall<{ imageId: ImageId }>): Promise<Response> {
  const { blobs, pictures, cacheFolder } = call.services;
  const { sha256 } = await findImageFile(callerOf(call.signIn), call.services, call.params);
  const bytes = await deriveFile({
    cacheFolder,
    name: join("thumbnails", sha256.slice(0, 2), `${sha256}-${THUMBNAIL_SIDE}.webp`),
    signal: call.request.signal,
    make: (signal) =>
      blobs.withLocalFile(sha256, (original) =>
        pictures.decode(original, () => shrink(original), signal),
      ),
  });
  return serveStream(call.request, {
    sizeBytes: bytes.byteLength,
    open: () => Promise.resolve(Readable.from([bytes])),
    tag: `${sha256}-${THUMBNAIL_SIDE}`,
    contentType: "image/webp",
    isImmutable: true,
  });
}

async function shrink(original: string): Promise<Buffer> {
  try {
    return await sharp(original, { sequentialRead: true })
      .autoOrient()
      .resize(THUMBNAIL_SIDE, THUMBNAIL_SIDE, { fit: "inside", withoutEnlargement: true })
      .webp({ quality: 82 })
      .toBuffer();
  } catch {
    throw new AppError(
      "PICTURE_UNREADABLE",
      "Expected a picture that can be decoded, got a damaged file. Import the picture again.",
    );
  }
}
