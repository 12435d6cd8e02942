import { freezeDataset, listFreezes } from "@loupe/application";

import {
  begin,
  changeDemo,
  findMaker,
  giveUp,
  type DemoJob,
  type PhaseOutcome,
} from "./demo-job.ts";

/** Have what was imported frozen as a version, and go on once it is; of the same content there is one. */
export async function freezeVersion(job: DemoJob): Promise<PhaseOutcome> {
  const { services, world } = job;
  const { projectId } = world;
  const maker = findMaker(job);
  if (maker === null) {
    return giveUp(job, "Nobody in the organisation may freeze a version, so no model was trained.");
  }
  const [newest] = await listFreezes(maker, services, { projectId });
  switch (newest?.status) {
    case undefined:
      await freezeDataset(maker, services, { projectId });
      return "waits";
    case "queued":
    case "freezing":
      await report(job, newest);
      return "waits";
    case "failed":
      return giveUp(job, `The demo's version could not be frozen: ${newest.error ?? ""}`);
    case "succeeded": {
      const datasetVersionId = newest.version?.id;
      if (datasetVersionId === undefined) return giveUp(job, "The demo's version was removed.");
      const training = begin("training", { datasetVersionId });
      await services.db.transaction((tx) => changeDemo(tx, world, training));
      return "goes on";
    }
  }
}

async function report(
  { services: { db }, world }: DemoJob,
  { imagesDone: done, imagesTotal }: { imagesDone: number; imagesTotal: number | null },
): Promise<void> {
  if (imagesTotal === null || done === world.done) return;
  await db.transaction((tx) => changeDemo(tx, world, { done, total: imagesTotal }));
}
