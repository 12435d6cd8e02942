import { stat } from "node:fs/promises";

import { publishRun } from "@loupe/application";
import type { ScoreCalibration } from "@loupe/contracts";
import type { DetectorInfo } from "@loupe/model";

import type { RunEvaluation } from "./evaluate-stage.ts";
import type { RunJob } from "./run-job.ts";

/** Put the model's file into the blob store and publish what the run has made. */
export async function completeRun(
  { services, lease, run, folder }: RunJob,
  { info, metrics, predictions }: RunEvaluation,
): Promise<void> {
  const { sha256, sizeBytes } = await services.blobs.putFile(folder.model);
  const trainSeconds = await secondsUntilModel(run.startedAt ?? run.createdAt, folder.model);
  const model = {
    sha256,
    sizeBytes,
    calibration: calibrationOf(info),
    categoryCalibrations: Object.fromEntries(
      Object.entries(info.byCategory).map(([category, each]) => [category, calibrationOf(each)]),
    ),
    provider: run.provider,
    trainSeconds,
  };
  const scored = predictions.map(({ item: { imageId, category }, score, mapKey }) => ({
    imageId,
    category,
    score,
    mapKey,
  }));
  await publishRun(services, { run, lease }, { model, metrics, scored });
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
