import { addAll, gaussianBlur, reshape, type Value } from "../graph/index.ts";
import type { MethodContext, MethodMaps } from "./method.ts";
import { upsampleTokens } from "./upsample-tokens.ts";

type Layout = Pick<MethodContext, "batch" | "gridSize" | "inputSize" | "layers">;

/**
 * Token distances of every layer, each [batch, gridSize²], as one map: upsampled, summed and
 * smoothed by a Gaussian of `smoothing` pixels (0 for none).
 */
export function sumMaps(
  distances: readonly Value[],
  { batch, gridSize, inputSize, layers }: Layout,
  smoothing: number,
): MethodMaps {
  const upsampled = distances.map((distance, index) => {
    const { origin = 0, stride = inputSize / gridSize } = layers[index] ?? {};
    return upsampleTokens(distance, { gridSize, inputSize, origin, stride });
  });
  const sum = addAll(upsampled);
  const smooth = smoothing === 0 ? sum : gaussianBlur(sum, smoothing);
  return { tokens: addAll(distances), map: reshape(smooth, [batch, inputSize, inputSize]) };
}
