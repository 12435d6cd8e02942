import { AppError, type FreezeDatasetInput, type FreezeView } from "@loupe/contracts";
import { enqueue } from "@loupe/platform";

import { authorOf } from "../actor/person-of.ts";
import { projectUseCase } from "../use-case/project-use-case.ts";
import { recordFreeze } from "./record-freeze.ts";

/** Let a worker freeze the project's images as a version; it may hold more than a request can wait for. */
export const freezeDataset = projectUseCase(
  "data:write",
  async (
    { db, actor, organisationId, projectId },
    { name }: FreezeDatasetInput,
  ): Promise<FreezeView> => {
    if (!(await db.datasets.hasImagesToFreeze(projectId))) {
      throw new AppError(
        "DATASET_IS_EMPTY",
        "Expected images with a split (train or test), found none. Import a folder in MVTec layout first.",
        { projectId },
      );
    }
    const createdById = authorOf(actor);
    return db.transaction(async (tx) => {
      const named = name === undefined ? {} : { name };
      const freeze = await tx.freezes.create({ projectId, createdById, ...named });
      const job = { name: "dataset.freeze", organisationId } as const;
      await enqueue(tx.sql, job, { freezeId: freeze.id });
      await recordFreeze(tx, { ...freeze, projectId }, createdById);
      return freeze;
    });
  },
);
