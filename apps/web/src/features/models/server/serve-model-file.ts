import type { ModelVersionId } from "@loupe/contracts";

import { serveBlob } from "../../../server/files/serve-blob.ts";
import { requireFileAccess } from "../../../server/require-file-access.ts";
import type { RestCall } from "../../../server/rest.ts";

/** A model version as the self-contained file that the command line reads. */
export async function serveModelFile(
  call: RestCall<{ modelVersionId: ModelVersionId }>,
): Promise<Response> {
  const { db, blobs } = call.services;
  const { sha256, fileName } = await requireFileAccess(db, {
    userId: call.signIn.user.id,
    action: "model:download",
    find: () => db.models.requireFile(call.params.modelVersionId),
  });
  return serveBlob(call.request, blobs, {
    key: sha256,
    contentType: "application/octet-stream",
    isImmutable: true,
    downloadName: fileName,
  });
}
