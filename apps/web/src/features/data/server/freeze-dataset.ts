import { AppError, type FreezeDatasetInput, type FreezeView } from "@loupe/contracts";
import { enqueue, recordEvent } from "@loupe/platform";

import type { ProjectContext } from "../../../server/project-context.ts";

/** Let a worker freeze the project's images as a version; it may hold more than a request can wait for. */
export async function freezeDataset(
  ctx: ProjectContext,
  { name }: FreezeDatasetInput,
): Promise<FreezeView> {
  const { db, projectId } = ctx;
  if (!(await db.datasets.hasImagesToFreeze(projectId))) {
    throw new AppError(
      "DATASET_IS_EMPTY",
      "Expected images with a split (train or test), found none. Import a folder in MVTec layout first.",
      { projectId },
    );
  }
  return db.transaction(async (tx) => {
    const freeze = await tx.freezes.create({
      projectId,
      createdById: ctx.user.id,
      ...(name === undefined ? {} : { name }),
    });
    const job = { name: "dataset.freeze", organisationId: ctx.organisationId } as const;
    await enqueue(tx.sql, job, { freezeId: freeze.id });
    const { id: freezeId, status, imagesDone, imagesTotal } = freeze;
    await recordEvent(tx, {
      projectId,
      body: { type: "dataset.freeze", freezeId, status, imagesDone, imagesTotal },
      actorId: ctx.user.id,
    });
    return freeze;
  });
}
