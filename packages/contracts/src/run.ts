import { z } from "zod";

import {
  DatasetVersionId,
  EncoderPullId,
  ImageId,
  ModelVersionId,
  ProjectId,
  RunId,
} from "./ids.ts";
import { KnownName, storedText } from "./text.ts";

export const RUN_STATUSES = [
  "queued",
  "caching_features",
  "training",
  "evaluating",
  "succeeded",
  "failed",
  "cancelled",
] as const;
export const RunStatus = z.enum(RUN_STATUSES);
export type RunStatus = z.infer<typeof RunStatus>;

/**
 * Where a run may go from each status. A worker that takes over a run after a
 * crash starts at `caching_features` again; the cache and the checkpoint make
 * that quick.
 */
export const RUN_TRANSITIONS = {
  queued: ["caching_features", "cancelled", "failed"],
  caching_features: ["caching_features", "training", "cancelled", "failed"],
  training: ["caching_features", "evaluating", "cancelled", "failed"],
  evaluating: ["caching_features", "succeeded", "cancelled", "failed"],
  succeeded: [],
  failed: [],
  cancelled: [],
} as const satisfies Record<RunStatus, readonly RunStatus[]>;

export const FINAL_RUN_STATUSES = ["succeeded", "failed", "cancelled"] as const;

/** True when nothing more will happen to the run. */
export function isFinalRunStatus(status: RunStatus): boolean {
  return RUN_TRANSITIONS[status].length === 0;
}

/** True when a run may move from one status to the other. */
export function canRunMove(from: RunStatus, to: RunStatus): boolean {
  const allowed: readonly RunStatus[] = RUN_TRANSITIONS[from];
  return allowed.includes(to);
}

export const ComputeProvider = z.enum(["cpu", "webgpu", "cuda"]);
export type ComputeProvider = z.infer<typeof ComputeProvider>;

/** Characters of all settings together; those of the largest method take about a thousand. */
const SETTINGS_LENGTH = 20_000;

/** Settings as JSON, whose texts and names are names of something. */
const Settings = z.record(z.string(), z.json()).superRefine((settings, context) => {
  const written = JSON.stringify(settings);
  if (written.length > SETTINGS_LENGTH) {
    const message = `Expected at most ${SETTINGS_LENGTH.toLocaleString("en")} characters of settings, got more.`;
    context.addIssue({ code: "custom", message });
    return;
  }
  const text = storedText(SETTINGS_LENGTH);
  JSON.parse(written, (key, value: unknown) => {
    for (const each of [key, value]) {
      const problem = typeof each === "string" ? text.safeParse(each).error : undefined;
      if (problem !== undefined) {
        context.addIssue({ code: "custom", message: problem.issues[0]?.message ?? "" });
      }
    }
    return value;
  });
});

/** What a person fills in to start a run. Method settings are validated by the model catalog. */
export const StartRunInput = z.strictObject({
  projectId: ProjectId,
  datasetVersionId: DatasetVersionId,
  method: KnownName,
  encoder: KnownName,
  steps: z.int().min(1).max(1_000_000),
  batch: z.int().min(1).max(256),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31 - 1),
  provider: ComputeProvider,
  /** Named start values of the method's settings. */
  preset: KnownName.default("fast"),
  /** Settings that differ from the preset's; groups are objects. */
  settings: Settings.default({}),
  /** Train on one category of the dataset version; null: one model for all of them. */
  category: KnownName.nullable().default(null),
  /** Made by the client once per intent, so that a doubled click starts one run. */
  idempotencyKey: z.uuid(),
});
export type StartRunInput = z.infer<typeof StartRunInput>;

/** As above, for a run of its own for each category of the dataset version. */
export const StartRunsInput = StartRunInput.omit({ category: true });
export type StartRunsInput = z.infer<typeof StartRunsInput>;

/**
 * One step of a run's curves.
 *
 * A name of `terms` without a slash is a part of the loss. With one it is a gauge, something that
 * is watched and not minimised, of the group before the slash: `experts/0`, `solver/residual`.
 */
export const RunPoint = z.object({
  step: z.int(),
  loss: z.number(),
  terms: z.record(z.string(), z.number()),
});
export type RunPoint = z.infer<typeof RunPoint>;

/** True for the name of a gauge, false for that of a part of the loss. */
export function isGaugeName(name: string): boolean {
  return name.includes("/");
}

/** Gauges are kept at about this many steps of a run: more than a small chart can show. */
const GAUGE_POINTS = 1_000;

/**
 * Every how many steps a run's gauges are kept. A power of two, so that a curve thinned to every
 * second, fourth, … point still has them.
 */
export function gaugeStride(steps: number): number {
  return 2 ** Math.max(0, Math.ceil(Math.log2(steps / GAUGE_POINTS)));
}

export const RunProbe = z.object({
  imageId: ImageId,
  step: z.int(),
  score: z.number(),
  fileName: z.string(),
  category: z.string(),
  defectType: z.string().nullable(),
});
export type RunProbe = z.infer<typeof RunProbe>;

/** Something that happened to a run and belongs on its curve, such as a lost worker. */
export const RunIncident = z.object({
  step: z.int(),
  kind: z.enum(["worker-lost", "worker-stopped", "resumed", "retried"]),
  message: z.string(),
  at: z.date(),
});
export type RunIncident = z.infer<typeof RunIncident>;

export const RunView = z.object({
  id: RunId,
  projectId: ProjectId,
  number: z.int(),
  status: RunStatus,
  method: z.string(),
  encoder: z.string(),
  steps: z.int(),
  batch: z.int(),
  seed: z.int(),
  provider: ComputeProvider,
  preset: z.string(),
  /** All of them, those of the preset included. */
  settings: z.record(z.string(), z.json()),
  /** Null: one model for all categories. */
  category: z.string().nullable(),
  /** What the method says of working with this encoder, known once a worker has looked. */
  note: z.string().nullable(),
  /** What it computes on, such as the name of the GPU, known once a worker has looked. */
  device: z.string().nullable(),
  datasetVersion: z.object({ id: DatasetVersionId, number: z.int(), name: z.string() }),
  /** Progress inside the present stage: images encoded, steps trained, images evaluated. */
  stageDone: z.int(),
  stageTotal: z.int(),
  step: z.int(),
  loss: z.number().nullable(),
  stepsPerSecond: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  checkpointStep: z.int().nullable(),
  isCancelRequested: z.boolean(),
  error: z.string().nullable(),
  /** Who works on it, or did when it ended; null while nobody does. */
  worker: z.string().nullable(),
  startedBy: z.string(),
  createdAt: z.date(),
  startedAt: z.date().nullable(),
  finishedAt: z.date().nullable(),
  modelVersionId: ModelVersionId.nullable(),
  /** How often a worker has taken it. */
  attempt: z.int(),
  version: z.int(),
});
export type RunView = z.infer<typeof RunView>;

/** An encoder that a worker found on its disk. */
export const EncoderSummary = z.object({
  name: z.string(),
  kind: z.enum(["vit", "conv"]),
  inputSize: z.int(),
  /** Token maps: channels of each tapped layer, and the side of their common grid. */
  channels: z.array(z.int()),
  grid: z.int(),
  sizeBytes: z.int(),
  /** Multiply-accumulates of one image in units of 1e9; what the estimate of a run's time needs. */
  gigaMacsPerImage: z.number().positive(),
  family: z.string().default("unknown"),
  /** What the layers of `channels` are called. */
  layerNames: z.array(z.string()).default([]),
  /** Width of the space that it shares with a text tower; null without one. */
  textWidth: z.int().positive().nullable().default(null),
  /** The shape of a vision transformer, from which its cost at another input follows. */
  transformer: z
    .object({
      width: z.int().positive(),
      depth: z.int().positive(),
      hidden: z.int().positive(),
      patch: z.int().positive(),
      extraTokens: z.int().positive(),
      jointWidth: z.int().positive().nullable(),
    })
    .nullable()
    .default(null),
});
export type EncoderSummary = z.infer<typeof EncoderSummary>;

/** What a provider of a worker computes on, such as the GPU's name. */
export const ProviderFact = z.object({ provider: ComputeProvider, device: z.string() });
export type ProviderFact = z.infer<typeof ProviderFact>;

export const WorkerView = z.object({
  id: z.string(),
  name: z.string(),
  providers: z.array(ComputeProvider),
  devices: z.array(ProviderFact),
  encoders: z.array(EncoderSummary),
  startedAt: z.date(),
});
export type WorkerView = z.infer<typeof WorkerView>;

export const PULL_STATUSES = ["queued", "downloading", "succeeded", "failed"] as const;
export const PullStatus = z.enum(PULL_STATUSES);
export type PullStatus = z.infer<typeof PullStatus>;

/** True when nothing more will happen to the download. */
export function isFinalPullStatus(status: PullStatus): boolean {
  return status === "succeeded" || status === "failed";
}

/** An encoder's name as the catalogue and folders have it. Never a path. */
export const EncoderName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/, "Expected an encoder's name, not a path");

/** A download of an encoder from the hub to a worker's disk. */
export const EncoderPullView = z.object({
  id: EncoderPullId,
  encoder: z.string(),
  status: PullStatus,
  bytesDone: z.number().nonnegative(),
  /** 0 while it is not known. */
  bytesTotal: z.number().nonnegative(),
  error: z.string().nullable(),
  requestedBy: z.string(),
  createdAt: z.date(),
  finishedAt: z.date().nullable(),
});
export type EncoderPullView = z.infer<typeof EncoderPullView>;
