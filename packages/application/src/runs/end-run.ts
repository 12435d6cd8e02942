import type { RunView } from "@loupe/contracts";
import type { RunEnd, RunLease } from "@loupe/db";

import type { Ports } from "../use-case/ports.ts";
import { recordRunStatus } from "./record-run-status.ts";

export type HeldRun = { readonly run: Pick<RunView, "id" | "projectId">; readonly lease: RunLease };

/** End a run that made no model, and tell it. */
export async function endRun(
  { db }: Pick<Ports, "db">,
  { run: { id: runId, projectId }, lease }: HeldRun,
  end: Exclude<RunEnd, { status: "succeeded" }>,
): Promise<void> {
  await db.transaction(async (tx) => {
    const { stageDone, stageTotal } = await tx.runs.finish(lease, end);
    await recordRunStatus(tx, { runId, projectId, status: end.status, stageDone, stageTotal });
  });
}
