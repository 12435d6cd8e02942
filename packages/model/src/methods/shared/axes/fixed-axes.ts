import { concat, linear, type Value } from "../../../graph/index.ts";
import { type Parameters, zerosInit } from "../../../nn/index.ts";
import type { Buffer } from "../../../optim/index.ts";
import { float32, type Tensor, toNumbers } from "../../../tensor/index.ts";
import type { MethodData } from "../../method.ts";
import { principalAxes } from "./principal-axes.ts";

export type FixedAxes = {
  readonly project: (layers: readonly Value[]) => Value;
  readonly buffers: readonly Buffer[];
};

/**
 * Joined layers [batch, tokens, Σ channels] on `width` axes that are measured once, before the
 * first step, and kept with the weights.
 */
export function fixedAxes(p: Parameters, layers: readonly Value[], width: number): FixedAxes {
  const channels = layers.reduce((sum, layer) => sum + (layer.shape.at(-1) ?? 0), 0);
  const axes = p.get("weight", [channels, width], zerosInit);
  return {
    project: (seen) => linear(concat(seen, -1), axes, null),
    buffers: [{ parameter: axes, next: () => axes }],
  };
}

/** Axes behind this share of the variance are noise: alone they find less than those before them. */
const SIGNAL_SHARE = 0.99;

/**
 * Which principal axes, by place, become the columns of a projection: the largest ones, and in the
 * last `low` columns the smallest that still carry signal, so that what is rare on normal images
 * stays visible in a projection that is narrower than the joined layers.
 */
export function chosenAxes(values: Float64Array, width: number, low: number): number[] {
  const total = values.reduce((sum, value) => sum + value, 0);
  let [end, sum] = [0, 0];
  while (end < values.length && sum < SIGNAL_SHARE * total) sum += values[end++] ?? 0;
  const lowFrom = Math.max(end - low, width - low);
  return Array.from({ length: Math.min(width, values.length) }, (_, column) =>
    column < width - low ? column : Math.min(lowFrom + column - (width - low), values.length - 1),
  );
}

/**
 * Principal axes [channels, width], the largest first, the last `low` from the small end; columns
 * beyond the channels keep their start.
 */
export async function measuredAxes(
  layers: readonly Value[],
  { start, low }: { start: Tensor; low: number },
  data: MethodData,
): Promise<Tensor> {
  const [channels = 1, width = 1] = start.shape;
  const { vectors } = await principalAxes(data, {
    tokens: concat(layers, -1),
    weights: {},
    chosen: (values) => chosenAxes(values, width, low),
  });
  const axes = vectors.length / channels;
  const weights = Float32Array.from(toNumbers(start));
  for (let row = 0; row < channels; row++) {
    weights.set(vectors.subarray(row * axes, (row + 1) * axes), row * width);
  }
  return float32(start.shape, weights);
}
