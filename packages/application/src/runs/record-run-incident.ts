import type { ProjectId, RunId } from "@loupe/contracts";
import type { RunsRepository, Transaction } from "@loupe/db";
import { recordEvent } from "@loupe/platform";

type Incident = Parameters<RunsRepository["recordIncident"]>[1];

/** Mark on a run's curve what happened to it, and tell it. Call it last. */
export async function recordRunIncident(
  tx: Transaction,
  { runId, projectId }: { readonly runId: RunId; readonly projectId: ProjectId },
  incident: Incident,
): Promise<void> {
  await tx.runs.recordIncident(runId, incident);
  const { step, message } = incident;
  await recordEvent(tx, { projectId, body: { type: "run.incident", runId, step, message } });
}
