import type { CategoryMetrics, ContentHash } from "@loupe/contracts";
import type { DatasetItemRow } from "@loupe/db";
import type { DetectorInfo, EvaluationResult, LabelledImage } from "@loupe/model";

import { listKeys, locateLabelled } from "./locate-images.ts";
import type { RunJob } from "./run-job.ts";
import type { StageReporter } from "./stage-reporter.ts";

/** Score and map of one test image; the map is in the blob store. */
export type StoredPrediction = {
  readonly item: DatasetItemRow;
  readonly score: number;
  readonly mapKey: ContentHash;
};

export type RunEvaluation = {
  readonly info: DetectorInfo;
  /** Null when the dataset version has no test image. */
  readonly metrics: EvaluationMetrics | null;
  readonly predictions: readonly StoredPrediction[];
};

export type EvaluationMetrics = {
  readonly meanImageAuroc: number | null;
  readonly meanPixelAuroc: number | null;
  readonly secondsPerImage: number;
  readonly categories: readonly CategoryMetrics[];
};

/** Score the test split with the trained model. Stores maps but no row: rows come all at once. */
export async function evaluateStage(job: RunJob, stages: StageReporter): Promise<RunEvaluation> {
  const tests = job.items.filter(({ split, label }) => split === "test" && label !== "unknown");
  return job.services.blobs.withLocalFiles(listKeys(tests), (locate) =>
    evaluateOn(job, stages, { tests, images: locateLabelled(locate, tests) }),
  );
}

type TestSplit = {
  readonly tests: readonly DatasetItemRow[];
  readonly images: readonly LabelledImage[];
};

async function evaluateOn(
  job: RunJob,
  stages: StageReporter,
  { tests, images }: TestSplit,
): Promise<RunEvaluation> {
  const { services, run, folder, thread, signal, logger } = job;
  const byId = new Map<string, DatasetItemRow>(tests.map((item) => [item.imageId, item]));
  await stages.report({ status: "evaluating", stageDone: 0, stageTotal: tests.length });

  const predictions: StoredPrediction[] = [];
  const detector = { file: folder.model, provider: run.provider };
  const news = thread.run("evaluate", { detector, images }, signal);
  for (;;) {
    const next = await news.next();
    if (next.done === true) {
      const { info, metrics } = next.value;
      return {
        info,
        metrics: tests.length === 0 ? null : describeMetrics(metrics, tests),
        predictions,
      };
    }
    const { id, done, total } = next.value;
    const item = byId.get(id);
    if ("error" in next.value || item === undefined) {
      logger.warn({ imageId: id, outcome: next.value }, "test image not scored");
    } else {
      const mapKey = await services.blobs.putBytes(next.value.map);
      predictions.push({ item, score: next.value.score, mapKey });
    }
    await stages.report({ status: "evaluating", stageDone: done, stageTotal: total });
  }
}

function describeMetrics(
  { categories, mean, secondsPerImage }: EvaluationResult,
  tests: readonly DatasetItemRow[],
): EvaluationMetrics {
  return {
    meanImageAuroc: mean.iAuroc,
    meanPixelAuroc: mean.pAuroc,
    secondsPerImage,
    categories: Object.entries(categories).map(([category, metrics]) => ({
      category,
      imageAuroc: metrics.iAuroc,
      pixelAuroc: metrics.pAuroc,
      images: metrics.images,
      defectiveImages: tests.filter(
        (item) => item.category === category && item.label === "defective",
      ).length,
    })),
  };
}
