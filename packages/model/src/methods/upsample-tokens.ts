import { constantOf, reshape, separable, type Value } from "../graph/index.ts";

/** Where the tokens of a row lie: token i on pixel origin + i · stride. */
export type TokenGeometry = {
  readonly gridSize: number;
  readonly inputSize: number;
  readonly origin: number;
  readonly stride: number;
};

/** Weights [inputSize, gridSize] of linear interpolation between token centres, clamped outside. */
export function interpolationWeights({
  gridSize,
  inputSize,
  origin,
  stride,
}: TokenGeometry): Float32Array {
  const weights = new Float32Array(inputSize * gridSize);
  for (let pixel = 0; pixel < inputSize; pixel++) {
    const place = Math.min(Math.max((pixel - origin) / stride, 0), gridSize - 1);
    const left = Math.min(Math.floor(place), Math.max(gridSize - 2, 0));
    const share = place - left;
    weights[pixel * gridSize + left] = 1 - share;
    if (share > 0) weights[pixel * gridSize + left + 1] = share;
  }
  return weights;
}

/** Token scores [batch, gridSize²] as pixel scores [batch, 1, inputSize, inputSize], bilinear. */
export function upsampleTokens(tokens: Value, geometry: TokenGeometry): Value {
  const { gridSize, inputSize } = geometry;
  const [batch = 1] = tokens.shape;
  const weights = constantOf(interpolationWeights(geometry), [inputSize, gridSize]);
  return separable(reshape(tokens, [batch, 1, gridSize, gridSize]), weights, weights);
}
