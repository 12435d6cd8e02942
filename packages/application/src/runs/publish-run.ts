import type { RunView } from "@loupe/contracts";
import type { EvaluationsRepository, ModelsRepository, RunLease } from "@loupe/db";
import { recordEvent } from "@loupe/platform";

import { storePredictions, type StoredScore } from "../models/store-predictions.ts";
import { recordCasesChanged } from "../review/record-cases-changed.ts";
import type { Ports } from "../use-case/ports.ts";
import { recordRunStatus } from "./record-run-status.ts";

type NewModel = Parameters<ModelsRepository["create"]>[0];
type NewEvaluation = Parameters<EvaluationsRepository["create"]>[0];

/** What a run has made, with its files in the blob store. */
export type RunResult = {
  readonly model: Omit<NewModel, "runId">;
  /** Null when there was nothing to measure it on. */
  readonly metrics: Omit<NewEvaluation, "modelVersionId" | "datasetVersionId"> | null;
  readonly scored: readonly StoredScore[];
};

/**
 * Publish what a run has made: model version, evaluation, predictions and, when it is the active
 * version, cases, all at once.
 *
 * One transaction, so that a worker killed at any moment leaves either nothing of it or all of it.
 */
export async function publishRun(
  { db }: Pick<Ports, "db">,
  { run, lease }: { readonly run: RunView; readonly lease: RunLease },
  { model: made, metrics, scored }: RunResult,
): Promise<void> {
  const { id: runId, projectId } = run;
  await db.transaction(async (tx) => {
    const { model } = await tx.models.create({ ...made, runId });
    if (metrics !== null) {
      const datasetVersionId = run.datasetVersion.id;
      await tx.evaluations.create({ modelVersionId: model.id, datasetVersionId, ...metrics });
    }
    const cases = await storePredictions(tx, model.id, scored);
    // The team's queue is the active version's: another one waits until a person makes it active.
    const changed = model.isActive ? await tx.cases.openOrRefresh(projectId, cases) : [];
    const { stageDone, stageTotal } = await tx.runs.finish(lease, { status: "succeeded" });
    await recordEvent(tx, {
      projectId,
      body: { type: "model.created", modelVersionId: model.id, runId },
    });
    await recordCasesChanged(tx, projectId, { caseIds: changed, scopes: cases });
    await recordRunStatus(tx, { runId, projectId, status: "succeeded", stageDone, stageTotal });
  });
}
