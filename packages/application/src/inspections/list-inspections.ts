import type { InspectionView, ProjectId } from "@loupe/contracts";

import { projectUseCase } from "../use-case/project-use-case.ts";

/** The project's inspections, newest first. */
export const listInspections = projectUseCase(
  "case:read",
  ({ db }, { projectId }: { projectId: ProjectId }): Promise<InspectionView[]> =>
    db.inspections.list(projectId),
);
