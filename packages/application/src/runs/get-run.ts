import type { ProjectId, RunId, RunView } from "@loupe/contracts";

import { projectUseCase } from "../use-case/project-use-case.ts";

/** One run as it is now. Throws NOT_FOUND. */
export const getRun = projectUseCase(
  "run:read",
  ({ db }, { runId, projectId }: { projectId: ProjectId; runId: RunId }): Promise<RunView> =>
    db.runs.require(runId, projectId),
);
