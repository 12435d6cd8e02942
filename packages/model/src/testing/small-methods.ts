import type { z } from "zod";

import { METHOD_NAMES, type MethodName, METHODS } from "../catalog/methods.ts";
import { leavesOf, type Value } from "../graph/index.ts";
import { findMethod } from "../methods/find-method.ts";
import type { Method, MethodContext } from "../methods/method.ts";
import { createParameters } from "../nn/index.ts";
import type { TrainingProgram } from "../session/index.ts";
import { sizeOf, type Tensor, tensor } from "../tensor/index.ts";
import { graphRunner } from "../train/graph-runner.ts";
import { programOf } from "../train/program-of.ts";
import { withInitialValues } from "../train/with-initial-values.ts";
import { halfBits } from "./untrained-weights.ts";

/** The settings that make a method small; those that a method does not have are left out. */
const SMALLEST = { width: 64, heads: 4, mlpRatio: 1, smoothing: 1 };

/** Two images of 3 × 3 tokens with eight channels a layer. */
export function smallContext(steps: number): MethodContext {
  return {
    batch: 2,
    inputSize: 32,
    gridSize: 3,
    layers: ["shallow", "middle", "deep"].map((name) => {
      return { name, channels: 8, origin: 0, stride: 10 };
    }),
    statistics: Array.from({ length: 3 }, () => {
      return { mean: new Float32Array(8).fill(0.1), std: new Float32Array(8).fill(0.5) };
    }),
    globals: false,
    text: null,
    steps,
    stepsPerEpoch: 1,
  };
}

/** A method at its smallest. */
export function smallMethod(name: MethodName): Method {
  const { settings } = METHODS[name];
  const shape: Readonly<Record<string, z.ZodType>> = settings.shape;
  const known = Object.entries(SMALLEST).filter(
    ([key, value]) => shape[key]?.safeParse(value).success === true,
  );
  return findMethod(name)(settings.parse(Object.fromEntries(known)));
}

/** The methods that learn step by step. */
export const smallGradientMethods: readonly MethodName[] = METHOD_NAMES.filter(
  (name) => smallMethod(name).kind === "gradient",
);

/** A method's training step, starting at what the method measures on some batches. */
export async function smallProgram(
  name: MethodName,
  context: MethodContext,
): Promise<TrainingProgram> {
  const found = smallMethod(name);
  if (found.kind !== "gradient") throw new Error(`Expected a trained method, got ${name}.`);
  const parameters = createParameters(3);
  const made = programOf(found, parameters, context);
  const measured = await found.prepare?.(parameters, context, {
    ...graphRunner("cpu"),
    seed: 0,
    async *batches(count) {
      for (let step = 0; step < count; step++) {
        yield await Promise.resolve(halfFeeds([made.outputs.loss!], 50 + step));
      }
    },
  });
  return withInitialValues(made, measured ?? {});
}

/** Made-up features for every input of a graph, others at every step. */
export function halfFeeds(outputs: readonly Value[], step: number): Record<string, Tensor> {
  const feeds: Record<string, Tensor> = {};
  for (const { attrs } of leavesOf(outputs).inputs) {
    const { name, shape, dtype } = attrs;
    // Scalars are fed by the session, from the step.
    if (shape.length === 0) continue;
    if (dtype !== "float16") throw new Error(`Expected half precision for ${name}, got ${dtype}.`);
    const size = sizeOf(shape);
    feeds[name] = tensor("float16", shape, halfBits(size, step * 100 + size));
  }
  return feeds;
}
