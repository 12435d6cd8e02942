import { add, exp, mul, neg, sub, type Value } from "../../../graph/index.ts";
import { type Parameters, zerosInit } from "../../../nn/index.ts";
import { float32, type Tensor, toNumbers } from "../../../tensor/index.ts";

/** Channels that hardly move on the first batch are not blown up further than by 1 / √0.2. */
const LEAST_VARIANCE = 0.2;

export type ActNorm = {
  forward(x: Value): Value;
  inverse(y: Value): Value;
};

/**
 * y = (x + b) eˢ for each channel, with the inverse y e⁻ˢ − b (Kingma & Dhariwal 2018). Both start
 * as the identity; `actNormFrom` gives the values that a first batch decides.
 */
export function actNorm(p: Parameters, width: number): ActNorm {
  const shift = p.get("shift", [width], zerosInit);
  const logScale = p.get("logScale", [width], zerosInit);
  return {
    forward: (x) => mul(add(x, shift), exp(logScale)),
    inverse: (y) => sub(mul(y, exp(neg(logScale))), shift),
  };
}

/** Shift and log scale that bring channels of this mean and variance to 0 and at most 1. */
export function actNormFrom(mean: Tensor, variance: Tensor): { shift: Tensor; logScale: Tensor } {
  const shifts = toNumbers(mean).map((value) => -value);
  const scales = toNumbers(variance).map(
    (value) => -0.5 * Math.log(Math.max(value, LEAST_VARIANCE)),
  );
  return { shift: float32(mean.shape, shifts), logScale: float32(variance.shape, scales) };
}
