import type { ProjectId, RunId, RunView, UserId } from "@loupe/contracts";
import type { Transaction } from "@loupe/db";
import { recordEvent } from "@loupe/platform";

export type ToldRun = Pick<RunView, "status" | "stageDone" | "stageTotal"> & {
  readonly runId: RunId;
  readonly projectId: ProjectId;
};

/** Tell in which stage a run is, and how far. Call it last. */
export async function recordRunStatus(
  tx: Transaction,
  { projectId, runId, status, stageDone, stageTotal }: ToldRun,
  actorId?: UserId,
): Promise<void> {
  await recordEvent(tx, {
    projectId,
    body: { type: "run.status", runId, status, stageDone, stageTotal },
    ...(actorId === undefined ? {} : { actorId }),
  });
}
