import { recordEvent } from "@loupe/platform";

import { freezeDataset } from "../freezing/freeze-dataset.ts";
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
  const { id, projectId } = world;
  await freezeDataset(
    services.db,
    { id, projectId, createdById },
    {
      signal: job.signal,
      onProgress: ({ imagesDone: done, imagesTotal: total }) =>
        services.db.transaction((tx) => changeDemo(tx, world, { done, total })),
      conclude: async (tx, { version, isNew }) => {
        if (isNew) {
          const body = { type: "dataset.frozen", datasetVersionId: version.id } as const;
          await recordEvent(tx, { projectId, body, actorId: createdById });
        }
        await changeDemo(tx, world, begin("training", { datasetVersionId: version.id }));
      },
    },
  );
  return "goes on";
}
