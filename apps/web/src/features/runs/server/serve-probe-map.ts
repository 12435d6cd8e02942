import type { ImageId, RunId } from "@loupe/contracts";

import { serveBlob } from "../../../server/files/serve-blob.ts";
import { requireFileAccess } from "../../../server/require-file-access.ts";
import type { RestCall } from "../../../server/rest.ts";

type ProbeAddress = { runId: RunId; imageId: ImageId; step: number };

/** A probe's anomaly map at one step (LMAP). A resumed run may draw it again, so browsers ask. */
export async function serveProbeMap(call: RestCall<ProbeAddress>): Promise<Response> {
  const { db, blobs } = call.services;
  const { mapKey } = await requireFileAccess(db, {
    userId: call.signIn.user.id,
    action: "run:read",
    find: () => db.runs.requireProbeMap(call.params),
  });
  return serveBlob(call.request, blobs, {
    key: mapKey,
    contentType: "application/octet-stream",
    isImmutable: false,
  });
}
