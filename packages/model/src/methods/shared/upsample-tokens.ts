import { constantOf, reshape, separable, smoothRows, type Value } from "../../graph/index.ts";

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

/**
 * Token scores [batch, gridSize²] as pixel scores [batch, 1, inputSize, inputSize]: bilinear, then
 * smoothed by a Gaussian of `smoothing` pixels (0 for none). Both are linear along each axis, so one
 * matrix does both, and the products are with few tokens rather than with many pixels.
 */
export function upsampleTokens(tokens: Value, geometry: TokenGeometry, smoothing: number): Value {
  const { gridSize, inputSize } = geometry;
  const [batch = 1] = tokens.shape;
  const sharp = interpolationWeights(geometry);
  const smooth = smoothing === 0 ? sharp : smoothRows(sharp, inputSize, smoothing);
  const weights = constantOf(smooth, [inputSize, gridSize]);
  return separable(reshape(tokens, [batch, 1, gridSize, gridSize]), weights, weights);
}
