import {
  add,
  exp,
  log,
  max,
  mul,
  neg,
  reduceMean,
  square,
  sub,
  type Value,
} from "../../../graph/index.ts";
import { type Parameters, zerosInit } from "../../../nn/index.ts";

/** Channels that hardly move on the first batch are not blown up further than by 1 / √0.2. */
const LEAST_VARIANCE = 0.2;

/** Arrays by the names of their parameters. */
type Named = Readonly<Record<string, Value>>;

export type ActNorm = {
  forward(x: Value): Value;
  inverse(y: Value): Value;
  /** The parameters' values that this batch of rows decides, and what the layer makes of it with them. */
  startOn(x: Value): { readonly start: Named; readonly value: Value };
};

/**
 * y = (x + b) eˢ for each channel, with the inverse y e⁻ˢ − b (Kingma & Dhariwal 2018). Both start
 * as the identity, until a first batch decides their values: mean 0 and deviation at most 1.
 */
export function actNorm(p: Parameters, width: number): ActNorm {
  const shift = p.get("shift", [width], zerosInit);
  const logScale = p.get("logScale", [width], zerosInit);
  return {
    forward: (x) => mul(add(x, shift), exp(logScale)),
    inverse: (y) => sub(mul(y, exp(neg(logScale))), shift),
    startOn: (x) => {
      const mean = reduceMean(x, { axes: [0] });
      const variance = reduceMean(square(sub(x, mean)), { axes: [0] });
      const [b, s] = [neg(mean), mul(log(max(variance, LEAST_VARIANCE)), -0.5)];
      const start = { [shift.attrs.name]: b, [logScale.attrs.name]: s };
      return { start, value: mul(add(x, b), exp(s)) };
    },
  };
}
