import {
  type ComputeProvider,
  type ContentHash,
  type DatasetVersionId,
  type EvaluationId,
  type EvaluationView,
  type ModelVersionId,
  type ModelVersionView,
  type ProjectId,
  type RunId,
  type ScoreCalibration,
  StartRunInput,
} from "@loupe/contracts";

import type { Prisma } from "../../generated/client.ts";
import { readMetric, requireMetric } from "./evaluation-metrics.ts";

/** What an evaluation's view needs beside its row. */
export const EVALUATION_VIEW = {
  datasetVersion: { select: { id: true, number: true, name: true } },
  categories: { orderBy: { category: "asc" } },
  metrics: { select: { name: true, category: true, value: true } },
} as const satisfies Prisma.EvaluationInclude;

/** What a model version's view needs beside its row. */
export const MODEL_VIEW = {
  run: {
    select: {
      id: true,
      number: true,
      steps: true,
      batch: true,
      seed: true,
      preset: true,
      settings: true,
      category: true,
      note: true,
      device: true,
      datasetVersion: { select: { id: true, number: true, name: true } },
    },
  },
  activeIn: { select: { id: true } },
  scales: { orderBy: { category: "asc" } },
  evaluations: { include: EVALUATION_VIEW, orderBy: { createdAt: "desc" }, take: 1 },
} as const satisfies Prisma.ModelVersionInclude;

type EvaluationRow = Prisma.EvaluationGetPayload<{ include: typeof EVALUATION_VIEW }>;
type ModelRow = Prisma.ModelVersionGetPayload<{ include: typeof MODEL_VIEW }>;

export function evaluationView(row: EvaluationRow): EvaluationView {
  return {
    id: row.id as EvaluationId,
    modelVersionId: row.modelVersionId as ModelVersionId,
    datasetVersion: datasetVersion(row.datasetVersion),
    meanImageAuroc: readMetric(row.metrics, "imageAuroc", null),
    meanPixelAuroc: readMetric(row.metrics, "pixelAuroc", null),
    secondsPerImage: requireMetric(row.metrics, "secondsPerImage", null),
    categories: row.categories.map(({ category, images, defectiveImages }) => ({
      category,
      imageAuroc: readMetric(row.metrics, "imageAuroc", category),
      pixelAuroc: readMetric(row.metrics, "pixelAuroc", category),
      images,
      defectiveImages,
    })),
    createdAt: row.createdAt,
  };
}

export function modelView(row: ModelRow): ModelVersionView {
  const [evaluation] = row.evaluations;
  return {
    id: row.id as ModelVersionId,
    projectId: row.projectId as ProjectId,
    number: row.number,
    method: row.method,
    encoder: row.encoder,
    sha256: row.sha256 as ContentHash,
    sizeBytes: row.sizeBytes,
    calibration: calibrationOf(row),
    categoryCalibrations: row.scales.map((scale) => ({
      category: scale.category,
      ...calibrationOf(scale),
    })),
    provider: row.provider as ComputeProvider,
    trainSeconds: row.trainSeconds,
    run: {
      id: row.run.id as RunId,
      number: row.run.number,
      steps: row.run.steps,
      batch: row.run.batch,
      seed: row.run.seed,
      preset: row.run.preset,
      settings: StartRunInput.shape.settings.parse(row.run.settings),
    },
    category: row.run.category,
    note: row.run.note,
    device: row.run.device,
    datasetVersion: datasetVersion(row.run.datasetVersion),
    evaluation: evaluation === undefined ? null : evaluationView(evaluation),
    isActive: row.activeIn !== null,
    createdAt: row.createdAt,
  };
}

type CalibrationRow = Pick<
  ModelRow,
  "scaleMin" | "scaleMax" | "goodImages" | "goodMean" | "goodDeviation"
>;

function calibrationOf(row: CalibrationRow): ScoreCalibration {
  return {
    scale: { min: row.scaleMin, max: row.scaleMax },
    good: { images: row.goodImages, mean: row.goodMean, deviation: row.goodDeviation },
  };
}

function datasetVersion(row: { id: string; number: number; name: string }) {
  return { ...row, id: row.id as DatasetVersionId };
}
