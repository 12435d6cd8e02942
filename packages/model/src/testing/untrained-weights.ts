import type { Method, MethodContext } from "../methods/method.ts";
import { createParameters } from "../nn/index.ts";
import { sample, sizeOf, type Tensor, toNumbers } from "../tensor/index.ts";
import { graphRunner } from "../train/graph-runner.ts";

/** Images and rounds of a memory at its smallest. */
const IMAGES = 3;
const ROUNDS = 4;

/** Bits of half-precision values between 0.25 and 1. */
export function halfBits(count: number, seed: number): Uint16Array {
  const uniform = sample({ kind: "uniform", low: 0, high: 2048 }, [count], seed);
  return Uint16Array.from(toNumbers(uniform), (value) => 0x3400 + Math.floor(value));
}

/** Weights that a method scores with, before any step: initial ones, or a memory of random features. */
export async function untrainedWeights(
  method: Method,
  context: MethodContext,
): Promise<Record<string, Tensor>> {
  const runner = graphRunner("cpu");
  if (method.kind === "gradient") {
    const parameters = createParameters(3);
    method.loss(parameters, context);
    const initial: Record<string, Tensor> = Object.fromEntries(
      parameters.all().map(({ attrs }) => [attrs.name, attrs.initial]),
    );
    const derived = method.finalizeWeights?.(parameters, context) ?? {};
    if (Object.keys(derived).length === 0) return initial;
    return { ...initial, ...(await runner.run(derived, {}, initial)) };
  }
  const shape = (channels: number): number[] => [context.gridSize ** 2, channels];
  const rounds = method.fit(context, {
    ...runner,
    seed: 0,
    steps: ROUNDS,
    images: IMAGES,
    signal: new AbortController().signal,
    features: (index) =>
      Promise.resolve(
        context.layers.map(({ channels }, layer) =>
          halfBits(sizeOf(shape(channels)), 10 * index + layer),
        ),
      ),
  });
  for (;;) {
    const next = await rounds.next();
    if (next.done === true) return next.value;
  }
}
