import type { ProjectId } from "@loupe/contracts";

import { projectUseCase } from "../use-case/project-use-case.ts";

/** Names of the defects that the project knows, from its pictures and its verdicts. */
export const listDefectTypes = projectUseCase(
  "case:read",
  ({ db }, { projectId }: { projectId: ProjectId }): Promise<string[]> =>
    db.cases.defectTypes(projectId),
);
