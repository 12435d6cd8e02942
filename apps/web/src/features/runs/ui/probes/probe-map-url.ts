import type { ImageId, RunId } from "@loupe/contracts";

/** Where the map of a probe image at a step is served. */
export function probeMapUrl(runId: RunId, imageId: ImageId, step: number): string {
  return `/api/runs/${runId}/probes/${imageId}/${step}`;
}
