import { findModelFile } from "@loupe/application";
import type { ModelVersionId } from "@loupe/contracts";

import { callerOf } from "../../../server/caller-of.ts";
import { serveBlob } from "../../../server/files/serve-blob.ts";
import type { RestCall } from "../../../server/rest.ts";

/** A model version as the self-contained file that the command line reads. */
export async function serveModelFile(
  call: RestCall<{ modelVersionId: ModelVersionId }>,
): Promise<Response> {
  const { blobs } = call.services;
  const { sha256, fileName } = await findModelFile(
    callerOf(call.signIn),
    call.services,
    call.params,
  );
  return serveBlob(call.request, blobs, {
    key: sha256,
    contentType: "application/octet-stream",
    isImmutable: true,
    downloadName: fileName,
  });
}
