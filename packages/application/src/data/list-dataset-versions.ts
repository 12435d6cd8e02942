import type { DatasetVersionView, ProjectId } from "@loupe/contracts";

import { projectUseCase } from "../use-case/project-use-case.ts";

/** The project's frozen versions, newest first. */
export const listDatasetVersions = projectUseCase(
  "data:read",
  ({ db }, { projectId }: { projectId: ProjectId }): Promise<DatasetVersionView[]> =>
    db.datasets.list(projectId),
);
