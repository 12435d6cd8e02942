import { addAll, reshape, type Value } from "../../graph/index.ts";
import type { MethodContext, MethodMaps } from "../method.ts";
import { type TokenGeometry, upsampleTokens } from "./upsample-tokens.ts";

type Layout = Pick<MethodContext, "batch" | "gridSize" | "inputSize" | "layers">;

/** Distances of the layers whose tokens lie on the same pixels. */
type Plane = { readonly geometry: TokenGeometry; readonly distances: Value[] };

/** The layers by where their tokens lie: those of a transformer all lie alike. */
function planes(distances: readonly Value[], layout: Omit<Layout, "batch">): Plane[] {
  const { gridSize, inputSize, layers } = layout;
  const byPlace = new Map<string, Plane>();
  for (const [index, distance] of distances.entries()) {
    const { origin = 0, stride = inputSize / gridSize } = layers[index] ?? {};
    const place = `${origin} ${stride}`;
    const geometry = { gridSize, inputSize, origin, stride };
    const plane = byPlace.get(place) ?? { geometry, distances: [] };
    plane.distances.push(distance);
    byPlace.set(place, plane);
  }
  return [...byPlace.values()];
}

/**
 * Token distances of every layer, each [batch, gridSize²], as one map: upsampled, summed and
 * smoothed by a Gaussian of `smoothing` pixels (0 for none).
 */
export function sumMaps(
  distances: readonly Value[],
  { batch, ...layout }: Layout,
  smoothing: number,
): MethodMaps {
  const { inputSize } = layout;
  const map = addAll(
    planes(distances, layout).map((plane) =>
      upsampleTokens(addAll(plane.distances), plane.geometry, smoothing),
    ),
  );
  return { tokens: addAll(distances), map: reshape(map, [batch, inputSize, inputSize]) };
}
