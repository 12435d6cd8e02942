import type { ModelVersionId, ProjectId, ScoredImage } from "@loupe/contracts";

import { projectUseCase } from "../use-case/project-use-case.ts";

/** Raw scores of a model's test images, for histograms; empty before its evaluation is stored. */
export const readScores = projectUseCase(
  "model:read",
  async (
    { db, projectId },
    { modelVersionId }: { projectId: ProjectId; modelVersionId: ModelVersionId },
  ): Promise<ScoredImage[]> => {
    const model = await db.models.require(modelVersionId, projectId);
    return db.evaluations.scores(model.id, model.datasetVersion.id);
  },
);
