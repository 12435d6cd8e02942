import { encoderSessions } from "./encoder-sessions.ts";
import type { EncoderCost, MethodEntry } from "./method-entry.ts";
import { METHODS, type MethodName } from "./methods.ts";

/** What decides how long a training run takes and how much it needs. */
export type RunPlan = {
  method: MethodName;
  /** The method's settings; `{}` and what is left open take the defaults. */
  settings?: unknown;
  encoder: EncoderCost;
  steps: number;
  batch: number;
  /** Training images. */
  images: number;
};

/** Expected use of a run. */
export type RunEstimate = {
  /** Peak resident memory of the process that trains on two CPU cores. */
  memoryBytes: number;
  /** Peak memory on a GPU: the larger of the encoder's pass and the training step. */
  gpuMemoryBytes: number;
  /** Feature pass over all images (nothing cached yet) plus all steps, on two CPU cores. */
  seconds: number;
  /** Size of the features on disk. */
  cacheBytes: number;
};

/** Cores for which time and memory are given. */
const CORES = 2;

/*
 * Speeds of two x86-64 cores under ONNX Runtime 1.30, from `npm run -s loupe -- train` with
 * inception-v3 on transistor while other work used about half of the machine: 6.2 images and 2.24
 * steps of 4 images a second. An idle or faster machine finishes earlier.
 */
const ENCODER_GIGAMACS_PER_SECOND = 25;
const TRAINING_GIGAMACS_PER_SECOND = 57;
/** Node, the libraries, both worker threads and the image pipeline before any tensor. */
const BASE_MEMORY_BYTES = 500 * 2 ** 20;
/** The driver's context and the runtime's kernels on a GPU. */
const BASE_GPU_BYTES = 600 * 2 ** 20;
/** Weights, their gradients, two moments, and the two arrays that an update writes. */
const ARRAYS_PER_PARAMETER = 6;
/** An encoder's weights on a GPU's machine: as read, as parsed and as laid out for the kernels. */
const COPIES_OF_ENCODER = 3;
const GPU_WORKSPACE_BYTES = 200 * 2 ** 20;

/**
 * Memory, time and disk that a run is expected to need.
 *
 * Time counts the encoder pass over every image and the multiply-accumulates of every step. Memory
 * counts the weights with both Adam moments and gradients, the activations kept for the backward
 * pass, and the encoder's sessions, which are closed before the training graph opens.
 */
export function estimateRun(plan: RunPlan): RunEstimate {
  const { encoder, steps, batch, images } = plan;
  const entry: MethodEntry = METHODS[plan.method];
  const cost = entry.cost(plan.settings ?? {}, { ...encoder, images });
  const tokens = encoder.gridSize ** 2;
  const channels = encoder.layers.reduce((sum, layer) => sum + layer.channels, 0);

  const encoderSeconds = (images * encoder.gigaMacsPerImage) / ENCODER_GIGAMACS_PER_SECOND;
  const macs = steps * batch * cost.trainingMacs + (cost.wholeRunMacs ?? 0);
  const trainingSeconds = macs / 1e9 / TRAINING_GIGAMACS_PER_SECOND;

  const stateBytes = cost.parameters * 4 * ARRAYS_PER_PARAMETER;
  const trainingBytes = stateBytes + batch * cost.activations * 4 + (cost.otherBytes ?? 0);
  const encoderBytes = encoder.sizeBytes + encoderSessions(encoder, CORES).memoryBytes;
  const gpuEncoderBytes = encoder.sizeBytes * COPIES_OF_ENCODER + GPU_WORKSPACE_BYTES;
  return {
    memoryBytes: Math.round(BASE_MEMORY_BYTES + Math.max(trainingBytes, encoderBytes)),
    gpuMemoryBytes: Math.round(BASE_GPU_BYTES + Math.max(trainingBytes, gpuEncoderBytes)),
    seconds: Math.round(encoderSeconds + trainingSeconds),
    cacheBytes: images * tokens * channels * 2,
  };
}
