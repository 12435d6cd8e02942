import { findProbeMap } from "@loupe/application";
import type { ImageId, RunId } from "@loupe/contracts";

import { callerOf } from "../../../server/caller-of.ts";
import { serveBlob } from "../../../server/files/serve-blob.ts";
import type { RestCall } from "../../../server/rest.ts";

type ProbeAddress = { runId: RunId; imageId: ImageId; step: number };

/** A probe's anomaly map at one step (LMAP). A resumed run may draw it again, so browsers ask. */
export async function serveProbeMap(call: RestCall<ProbeAddress>): Promise<Response> {
  const { blobs } = call.services;
  const { mapKey } = await findProbeMap(callerOf(call.signIn), call.services, call.params);
  return serveBlob(call.request, blobs, {
    key: mapKey,
    contentType: "application/octet-stream",
    isImmutable: false,
  });
}
