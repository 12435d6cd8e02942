import type { MaskId } from "@loupe/contracts";

import { serveBlob } from "../../../server/files/serve-blob.ts";
import { requireFileAccess } from "../../../server/require-file-access.ts";
import type { RestCall } from "../../../server/rest.ts";

/** One revision of an image's ground-truth region as PNG. */
export async function serveMask(call: RestCall<{ maskId: MaskId }>): Promise<Response> {
  const { db, blobs } = call.services;
  const { sha256 } = await requireFileAccess(db, {
    userId: call.signIn.user.id,
    action: "data:read",
    find: () => db.masks.requireFile(call.params.maskId),
  });
  return serveBlob(call.request, blobs, {
    key: sha256,
    contentType: "image/png",
    isImmutable: true,
  });
}
