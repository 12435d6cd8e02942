import { recordRunProbes } from "@loupe/application";
import { ImageId } from "@loupe/contracts";
import type { NewProbe } from "@loupe/db";

import type { TrainNews } from "../compute/compute-tasks.ts";
import type { RunJob } from "./run-job.ts";

/** Store the anomaly maps of the probe images at one step: blobs first, then rows and the event. */
export async function storeProbes(
  { services: { db, blobs }, lease, run }: RunJob,
  { step, images }: Extract<TrainNews, { type: "probe" }>,
): Promise<void> {
  const probes: NewProbe[] = [];
  for (const { id, score, map } of images) {
    probes.push({ imageId: ImageId.parse(id), step, score, mapKey: await blobs.putBytes(map) });
  }
  await db.transaction(async (tx) => {
    for (const probe of probes) await tx.runs.recordProbe(lease, probe);
    await recordRunProbes(tx, run.projectId, {
      runId: run.id,
      step,
      probes: probes.map(({ imageId, score }) => ({ imageId, score })),
    });
  });
}
