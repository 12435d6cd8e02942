import { findMaskFile } from "@loupe/application";
import type { MaskId } from "@loupe/contracts";

import { callerOf } from "../../../server/caller-of.ts";
import { serveBlob } from "../../../server/files/serve-blob.ts";
import type { RestCall } from "../../../server/rest.ts";

/** One revision of an image's ground-truth region as PNG. */
export async function serveMask(call: RestCall<{ maskId: MaskId }>): Promise<Response> {
  const { blobs } = call.services;
  const { sha256 } = await findMaskFile(callerOf(call.signIn), call.services, call.params);
  return serveBlob(call.request, blobs, {
    key: sha256,
    contentType: "image/png",
    isImmutable: true,
  });
}
