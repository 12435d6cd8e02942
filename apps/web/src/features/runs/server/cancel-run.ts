import type { RunId, RunView } from "@loupe/contracts";
import { recordEvent } from "@loupe/platform";

import type { ProjectContext } from "../../../server/project-context.ts";

/** Cancel a run: at once while it is queued, else its worker stops at the next step. */
export function cancelRun(ctx: ProjectContext, runId: RunId): Promise<RunView> {
  return ctx.db.transaction(async (tx) => {
    const run = await tx.runs.requestCancel(runId, ctx.projectId);
    const { status, stageDone, stageTotal } = run;
    await recordEvent(tx, {
      projectId: ctx.projectId,
      body: { type: "run.status", runId, status, stageDone, stageTotal },
      actorId: ctx.user.id,
    });
    return run;
  });
}
