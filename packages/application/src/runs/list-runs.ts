import type { ProjectId, RunView } from "@loupe/contracts";

import { projectUseCase } from "../use-case/project-use-case.ts";

/** The project's runs, newest first. */
export const listRuns = projectUseCase(
  "run:read",
  ({ db }, { projectId }: { projectId: ProjectId }): Promise<RunView[]> => db.runs.list(projectId),
);
