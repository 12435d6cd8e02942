import { createHash } from "node:crypto";

import type { Method, MethodContext } from "../methods/method.ts";
import { encoderKey, type PreparedFeatures } from "./prepare-features.ts";
import type { TrainOptions } from "./train-events.ts";

/** What a run knows once every image is encoded. */
export type TrainingSetup<M extends Method = Method> = {
  readonly options: TrainOptions;
  readonly method: M;
  readonly context: MethodContext;
  readonly prepared: PreparedFeatures;
};

/** The context of a run's graphs. */
export async function contextOf(
  method: Method,
  { batch, steps, images }: TrainOptions,
  { encoder, statistics, source }: PreparedFeatures,
): Promise<MethodContext> {
  const { inputSize, gridSize, layers, globals } = encoder;
  const wantsText = method.kind === "gradient" && method.wantsText === true;
  return {
    batch,
    inputSize,
    gridSize,
    layers,
    statistics,
    globals,
    text: wantsText ? ((await source.textTower?.()) ?? null) : null,
    steps,
    stepsPerEpoch: Math.max(1, Math.ceil(images.length / batch)),
  };
}

/** Hash of everything that decides a run's numbers; only an equal run resumes its checkpoint. */
export function configurationOf({ options, method, prepared }: TrainingSetup): string {
  const { steps, batch, seed, provider } = options;
  const decisive = {
    method: options.method,
    settings: method.settings,
    encoder: encoderKey(prepared.encoder, prepared.encoderHash),
    steps,
    batch,
    seed,
    provider,
    hashes: prepared.hashes,
  };
  return createHash("sha256").update(JSON.stringify(decisive)).digest("hex");
}
