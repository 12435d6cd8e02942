import { div, l2Norm, type Value } from "../../graph/index.ts";

/** Vectors of length 1 along the last axis. */
export function unit(x: Value): Value {
  return div(x, l2Norm(x, { axes: [-1], keepDims: true }));
}
