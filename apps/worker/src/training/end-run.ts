import type { RunEnd } from "@loupe/db";
import { recordEvent } from "@loupe/platform";

import type { RunJob } from "./run-job.ts";

/** End a run that made no model, and tell it. */
export async function endRun(
  { services: { db }, lease, run }: Pick<RunJob, "services" | "lease" | "run">,
  end: Exclude<RunEnd, { status: "succeeded" }>,
): Promise<void> {
  await db.transaction(async (tx) => {
    const ended = await tx.runs.finish(lease, end);
    await recordEvent(tx, {
      projectId: run.projectId,
      body: {
        type: "run.status",
        runId: run.id,
        status: end.status,
        stageDone: ended.stageDone,
        stageTotal: ended.stageTotal,
      },
    });
  });
}
