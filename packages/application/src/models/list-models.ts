import type { ModelVersionView, ProjectId } from "@loupe/contracts";

import { projectUseCase } from "../use-case/project-use-case.ts";

/** The project's model versions, newest first. */
export const listModels = projectUseCase(
  "model:read",
  ({ db }, { projectId }: { projectId: ProjectId }): Promise<ModelVersionView[]> =>
    db.models.list(projectId),
);
