import type { ModelVersionId, ModelVersionView, ProjectId } from "@loupe/contracts";

import { projectUseCase } from "../use-case/project-use-case.ts";

/** One model version. Throws NOT_FOUND. */
export const getModel = projectUseCase(
  "model:read",
  (
    { db },
    { modelVersionId, projectId }: { projectId: ProjectId; modelVersionId: ModelVersionId },
  ): Promise<ModelVersionView> => db.models.require(modelVersionId, projectId),
);
