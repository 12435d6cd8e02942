import { stat } from "node:fs/promises";

import { recordCasesChanged } from "@loupe/application";
import { type ScoreCalibration } from "@loupe/contracts";
import type { DetectorInfo } from "@loupe/model";
import { recordEvent } from "@loupe/platform";

import { storePredictions } from "../scoring/store-scores.ts";
import type { RunEvaluation } from "./evaluate-stage.ts";
import type { RunJob } from "./run-job.ts";

/**
 * Publish what a run has made: model version, evaluation, predictions and, when it is the active
 * version, cases, all at once.
 *
 * One transaction, so that a worker killed at any moment leaves either nothing of it or all of it.
 */
export async function completeRun(
  { services: { db, blobs }, lease, run, folder }: RunJob,
  { info, metrics, predictions }: RunEvaluation,
): Promise<void> {
  const file = await blobs.putFile(folder.model);
  const trainSeconds = await secondsUntilModel(run.startedAt ?? run.createdAt, folder.model);
  await db.transaction(async (tx) => {
    const { model } = await tx.models.create({
      runId: run.id,
      sha256: file.sha256,
      sizeBytes: file.sizeBytes,
      calibration: calibrationOf(info),
      categoryCalibrations: Object.fromEntries(
        Object.entries(info.byCategory).map(([category, each]) => [category, calibrationOf(each)]),
      ),
      provider: run.provider,
      trainSeconds,
    });
    if (metrics !== null) {
      const datasetVersionId = run.datasetVersion.id;
      await tx.evaluations.create({ modelVersionId: model.id, datasetVersionId, ...metrics });
    }
    const scored = predictions.map(({ item: { imageId, category }, score, mapKey }) => ({
      imageId,
      category,
      score,
      mapKey,
    }));
    const cases = await storePredictions(tx, model.id, scored);
    // The team's queue is the active version's: another one waits until a person makes it active.
    const changed = model.isActive ? await tx.cases.openOrRefresh(run.projectId, cases) : [];
    const ended = await tx.runs.finish(lease, { status: "succeeded" });

    const { projectId } = run;
    await recordEvent(tx, {
      projectId,
      body: { type: "model.created", modelVersionId: model.id, runId: run.id },
    });
    await recordCasesChanged(tx, projectId, { caseIds: changed, scopes: cases });
    await recordEvent(tx, {
      projectId,
      body: {
        type: "run.status",
        runId: run.id,
        status: "succeeded",
        stageDone: ended.stageDone,
        stageTotal: ended.stageTotal,
      },
    });
  });
}

function calibrationOf({
  scale,
  scores: { images, mean, deviation },
}: Pick<DetectorInfo, "scale" | "scores">): ScoreCalibration {
  return { scale, good: { images, mean, deviation } };
}

/** Wall time from the run's start to its model file, with interruptions. */
async function secondsUntilModel(startedAt: Date, modelFile: string): Promise<number> {
  const { mtimeMs } = await stat(modelFile);
  return Math.max(0, (mtimeMs - startedAt.getTime()) / 1000);
}
