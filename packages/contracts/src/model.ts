import { z } from "zod";

import {
  ContentHash,
  DatasetVersionId,
  EvaluationId,
  ModelVersionId,
  ProjectId,
  RunId,
} from "./ids.ts";
import { ComputeProvider } from "./run.ts";

/** Fixed display scale of anomaly maps, from a model's scores on good training images. */
export const DisplayScale = z.object({ min: z.number(), max: z.number() });
export type DisplayScale = z.infer<typeof DisplayScale>;

/** What the good training images of a category, or of all, score: what standard scores are measured by. */
export const GoodScores = z.object({
  images: z.int().min(0),
  mean: z.number(),
  deviation: z.number().min(0),
});
export type GoodScores = z.infer<typeof GoodScores>;

/** A display scale and a baseline, of one category or of all. */
export const ScoreCalibration = z.object({ scale: DisplayScale, good: GoodScores });
export type ScoreCalibration = z.infer<typeof ScoreCalibration>;

/** Metrics of one category. Null: undefined there, for instance no defective image. */
export const CategoryMetrics = z.object({
  category: z.string(),
  imageAuroc: z.number().min(0).max(1).nullable(),
  pixelAuroc: z.number().min(0).max(1).nullable(),
  images: z.int(),
  defectiveImages: z.int(),
});
export type CategoryMetrics = z.infer<typeof CategoryMetrics>;

export const EvaluationView = z.object({
  id: EvaluationId,
  modelVersionId: ModelVersionId,
  datasetVersion: z.object({ id: DatasetVersionId, number: z.int(), name: z.string() }),
  meanImageAuroc: z.number().nullable(),
  meanPixelAuroc: z.number().nullable(),
  secondsPerImage: z.number(),
  categories: z.array(CategoryMetrics),
  createdAt: z.date(),
});
export type EvaluationView = z.infer<typeof EvaluationView>;

export const ModelVersionView = z.object({
  id: ModelVersionId,
  projectId: ProjectId,
  number: z.int(),
  method: z.string(),
  encoder: z.string(),
  sha256: ContentHash,
  sizeBytes: z.int(),
  /** Over all categories: what holds for a category that has none of its own. */
  calibration: ScoreCalibration,
  /** By category, in order of the name. */
  categoryCalibrations: z.array(ScoreCalibration.extend({ category: z.string() })),
  provider: ComputeProvider,
  trainSeconds: z.number(),
  run: z.object({
    id: RunId,
    number: z.int(),
    steps: z.int(),
    batch: z.int(),
    seed: z.int(),
    preset: z.string(),
    settings: z.record(z.string(), z.json()),
  }),
  /** The one category that it was trained on; null: all of its dataset version. */
  category: z.string().nullable(),
  /** What the method says of working with this encoder. */
  note: z.string().nullable(),
  /** What it was trained on, such as the name of the GPU. */
  device: z.string().nullable(),
  datasetVersion: z.object({ id: DatasetVersionId, number: z.int(), name: z.string() }),
  evaluation: EvaluationView.nullable(),
  /** Whether it is the version that scores for the team. */
  isActive: z.boolean(),
  createdAt: z.date(),
});
export type ModelVersionView = z.infer<typeof ModelVersionView>;

/** Image scores of one evaluation, for histograms. */
export const ScoredImage = z.object({
  category: z.string(),
  label: z.enum(["good", "defective", "unknown"]),
  score: z.number(),
});
export type ScoredImage = z.infer<typeof ScoredImage>;

/** How well the nearest neighbour does on the same images: what every other method is held against. */
export const BaselineView = z.object({
  modelVersionId: ModelVersionId,
  number: z.int(),
  encoder: z.string(),
  meanImageAuroc: z.number().nullable(),
  meanPixelAuroc: z.number().nullable(),
  categories: z.array(CategoryMetrics),
});
export type BaselineView = z.infer<typeof BaselineView>;
