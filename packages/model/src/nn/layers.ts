import { layerNorm, linear, mul, random, type Value } from "../graph/index.ts";
import { onesInit, type Parameters, truncatedNormal, zerosInit } from "./parameters.ts";

/** x [..., in] → [..., width] with weight [in, width] and a bias. */
export function linearLayer(p: Parameters, x: Value, width: number): Value {
  const weight = p.get("weight", [x.shape.at(-1) ?? 1, width], truncatedNormal(0.02));
  return linear(x, weight, p.get("bias", [width], zerosInit));
}

export function layerNormLayer(p: Parameters, x: Value, epsilon = 1e-5): Value {
  const width = x.shape.at(-1) ?? 1;
  const scale = p.get("scale", [width], onesInit);
  return layerNorm(x, { scale, bias: p.get("bias", [width], zerosInit) }, epsilon);
}

/**
 * Inverted dropout: each element is kept with probability 1 − rate and scaled by its
 * inverse. `name` makes the samples; a model for inference leaves the call out.
 */
export function dropout(name: string, x: Value, rate: number): Value {
  return rate === 0 ? x : mul(x, random(name, x.shape, { kind: "dropout", keep: 1 - rate }));
}
