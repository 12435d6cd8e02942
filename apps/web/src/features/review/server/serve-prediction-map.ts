import { findAnomalyMap } from "@loupe/application";
import type { PredictionId } from "@loupe/contracts";

import { callerOf } from "../../../server/caller-of.ts";
import { serveBlob } from "../../../server/files/serve-blob.ts";
import type { RestCall } from "../../../server/rest.ts";

/** The anomaly map of a prediction (LMAP). Scoring again replaces it, so browsers ask each time. */
export async function servePredictionMap(
  call: RestCall<{ predictionId: PredictionId }>,
): Promise<Response> {
  const { blobs } = call.services;
  const { mapKey } = await findAnomalyMap(callerOf(call.signIn), call.services, call.params);
  return serveBlob(call.request, blobs, {
    key: mapKey,
    contentType: "application/octet-stream",
    isImmutable: false,
  });
}
