import { add, l2Norm, mul, random, type Value } from "../../graph/index.ts";

/** Uniform noise of half-width `amount` on every feature of a layer; none when it is 0. */
export function uniformNoise(layer: Value, name: string, amount: number): Value {
  if (amount === 0) return layer;
  return add(layer, random(name, layer.shape, { kind: "uniform", low: -amount, high: amount }));
}

/**
 * Normal noise that grows with the norm of its token, x [..., channels] (UniAD, You et al. 2022):
 *
 *   x + scale ‖x‖ / channels · ξ,  ξ ~ N(0, I)
 *
 * so that its norm is about scale / √channels of the token's.
 */
export function jitter(layer: Value, name: string, scale: number): Value {
  if (scale === 0) return layer;
  const channels = layer.shape.at(-1) ?? 1;
  const size = mul(l2Norm(layer, { axes: [-1], keepDims: true }), scale / channels);
  return add(layer, mul(size, random(name, layer.shape, { kind: "normal" })));
}
