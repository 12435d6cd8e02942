import { reshape, slice, stopGradient, type Value } from "../../../graph/index.ts";

/** A gauge of a batch should cost little. */
const ROWS = 64;

/** Some rows [at most about 64, width] of values [..., width], evenly spread; without gradient. */
export function sampleRows(values: Value): Value {
  const rows = reshape(stopGradient(values), [-1, values.shape.at(-1) ?? 1]);
  const end = rows.shape[0] ?? 1;
  return slice(rows, { axis: 0, start: 0, end, step: Math.max(1, Math.floor(end / ROWS)) });
}
