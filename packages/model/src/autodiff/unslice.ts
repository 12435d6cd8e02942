import { type OpAttributes, pad, reshape, slice, type Value } from "../graph/index.ts";
import type { Shape } from "../tensor/index.ts";

/**
 * Put the elements of a slice back in their places of an array of `shape`, zeros elsewhere:
 * the transpose of `slice`.
 */
export function unslice(part: Value, attrs: OpAttributes["slice"], shape: Shape): Value {
  const spread = attrs.steps.reduce<Value>(
    (value, step, axis) => (step === 1 ? value : spreadAxis(value, axis, step)),
    part,
  );
  const cropped = spread.shape.reduce<Value>((value, extent, axis) => {
    const room = (shape[axis] ?? 1) - (attrs.starts[axis] ?? 0);
    return extent <= room ? value : slice(value, { axis, start: 0, end: room });
  }, spread);
  const after = shape.map(
    (extent, axis) => extent - (attrs.starts[axis] ?? 0) - (cropped.shape[axis] ?? 1),
  );
  return pad(cropped, { before: attrs.starts, after });
}

/** Follow every element along `axis` by `step` − 1 zeros. */
function spreadAxis(value: Value, axis: number, step: number): Value {
  const { shape } = value;
  const rank = shape.length + 1;
  const paired = reshape(value, [...shape.slice(0, axis + 1), 1, ...shape.slice(axis + 1)]);
  const none = new Array<number>(rank).fill(0);
  const after = none.map((_, index) => (index === axis + 1 ? step - 1 : 0));
  const extent = (shape[axis] ?? 1) * step;
  return reshape(pad(paired, { before: none, after }), [
    ...shape.slice(0, axis),
    extent,
    ...shape.slice(axis + 1),
  ]);
}
