import { expand, mul, reduceSum, reshape, type Value } from "../graph/index.ts";
import type { Shape } from "../tensor/index.ts";

/**
 * The gradient of an operand of shape `to` that was broadcast to `from`: the sum over the
 * axes along which it was repeated.
 *
 * @param dy broadcastable to `from`, of the same rank; an axis of extent 1 means that the
 *   gradient is constant there, so its sum is a multiplication
 */
export function reduceGradient(dy: Value, from: Shape, to: Shape): Value {
  const missing = from.length - to.length;
  const summed: number[] = [];
  let repeats = 1;
  for (const [axis, extent] of from.entries()) {
    const target = axis < missing ? 1 : (to[axis - missing] ?? 1);
    if (target !== 1 || extent === 1) continue;
    if (dy.shape[axis] === 1) repeats *= extent;
    else summed.push(axis);
  }
  const sum = summed.length === 0 ? dy : reduceSum(dy, { axes: summed, keepDims: true });
  const whole = repeats === 1 ? sum : mul(sum, repeats);
  return missing === 0 ? whole : reshape(whole, whole.shape.slice(missing));
}

/** `dy` in full, where a rule needs every element of it. */
export function fullGradient(dy: Value, shape: Shape): Value {
  return expand(dy, shape);
}
