import type { InspectionId, InspectionView, ProjectId } from "@loupe/contracts";

import { projectUseCase } from "../use-case/project-use-case.ts";

/** One inspection as it is now. Throws NOT_FOUND. */
export const getInspection = projectUseCase(
  "case:read",
  (
    { db },
    { inspectionId, projectId }: { projectId: ProjectId; inspectionId: InspectionId },
  ): Promise<InspectionView> => db.inspections.require(inspectionId, projectId),
);
