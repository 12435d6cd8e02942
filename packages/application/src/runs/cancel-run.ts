import type { ProjectId, RunId, RunView } from "@loupe/contracts";

import { authorOf } from "../actor/person-of.ts";
import { projectUseCase } from "../use-case/project-use-case.ts";
import { recordRunStatus } from "./record-run-status.ts";

/** Cancel a run: at once while it is queued, else its worker stops at the next step. */
export const cancelRun = projectUseCase(
  "run:write",
  ({ db, actor, projectId }, { runId }: { projectId: ProjectId; runId: RunId }): Promise<RunView> =>
    db.transaction(async (tx) => {
      const run = await tx.runs.requestCancel(runId, projectId);
      await recordRunStatus(tx, { ...run, runId, projectId }, authorOf(actor));
      return run;
    }),
);
