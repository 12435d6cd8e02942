import type { CaseId, CaseView, ProjectId } from "@loupe/contracts";

import { projectUseCase } from "../use-case/project-use-case.ts";

/** A case with everything that has been said about it. Throws NOT_FOUND. */
export const getCase = projectUseCase(
  "case:read",
  ({ db }, { caseId, projectId }: { projectId: ProjectId; caseId: CaseId }): Promise<CaseView> =>
    db.cases.require(caseId, projectId),
);
