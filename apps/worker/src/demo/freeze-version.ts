import { recordEvent } from "@loupe/platform";

import {
  begin,
  changeDemo,
  findMaker,
  giveUp,
  type DemoJob,
  type PhaseOutcome,
} from "./demo-job.ts";

/** Freeze what was imported as the project's first version, or take the one of the same content. */
export async function freezeVersion(job: DemoJob): Promise<PhaseOutcome> {
  const { services, world } = job;
  const createdById = findMaker(job.people);
  if (createdById === null) {
    return giveUp(job, "Nobody in the organisation may freeze a version, so no model was trained.");
  }
  await services.db.transaction(async (tx) => {
    const { projectId } = world;
    const { version, isNew } = await tx.datasets.freeze({ projectId, createdById });
    if (isNew) {
      const body = { type: "dataset.frozen", datasetVersionId: version.id } as const;
      await recordEvent(tx, { projectId, body, actorId: createdById });
    }
    await changeDemo(tx, world, begin("training", { datasetVersionId: version.id }));
  });
  return "goes on";
}
