import { findImageFile } from "@loupe/application";
import type { ImageId } from "@loupe/contracts";
import { PICTURE_HEAD_BYTES, recogniseBrowserFormat } from "@loupe/platform";

import { callerOf } from "../../../server/caller-of.ts";
import { serveBlob } from "../../../server/files/serve-blob.ts";
import type { RestCall } from "../../../server/rest.ts";

/**
 * An image as it was brought, byte for byte.
 *
 * What does not begin like one of our formats is sent as a download of unknown
 * type, so that no browser ever runs it.
 */
export async function serveOriginal(call: RestCall<{ imageId: ImageId }>): Promise<Response> {
  const { blobs } = call.services;
  const { sha256, fileName } = await findImageFile(
    callerOf(call.signIn),
    call.services,
    call.params,
  );
  const head = await blobs.readBytes(sha256, { offset: 0, length: PICTURE_HEAD_BYTES });
  const format = recogniseBrowserFormat(head);
  return serveBlob(call.request, blobs, {
    key: sha256,
    isImmutable: true,
    contentType: format === null ? "application/octet-stream" : `image/${format}`,
    ...(format === null ? { downloadName: fileName } : {}),
  });
}
