import type { PredictionId } from "@loupe/contracts";

import { serveBlob } from "../../../server/files/serve-blob.ts";
import { requireFileAccess } from "../../../server/require-file-access.ts";
import type { RestCall } from "../../../server/rest.ts";

/** The anomaly map of a prediction (LMAP). Scoring again replaces it, so browsers ask each time. */
export async function servePredictionMap(
  call: RestCall<{ predictionId: PredictionId }>,
): Promise<Response> {
  const { db, blobs } = call.services;
  const { mapKey } = await requireFileAccess(db, {
    userId: call.signIn.user.id,
    action: "case:read",
    find: () => db.predictions.requireMap(call.params.predictionId),
  });
  return serveBlob(call.request, blobs, {
    key: mapKey,
    contentType: "application/octet-stream",
    isImmutable: false,
  });
}
