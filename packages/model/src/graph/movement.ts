import { normaliseAxis, sameShape, type Shape, ShapeError } from "../tensor/index.ts";
import { build } from "./build.ts";
import { one } from "./signature-rules.ts";
import { isKind, type Value } from "./value.ts";

/** The same elements in another shape; one extent may be −1 and is worked out. */
export function reshape(x: Value, shape: Shape): Value {
  const open = shape.indexOf(-1);
  if (open < 0 && sameShape(x.shape, shape)) return x;
  // Of two in a row the first changes nothing.
  if (open < 0 && isKind(x, "reshape")) return reshape(one(x.inputs), shape);
  if (open < 0) return build("reshape", [x], { shape: [...shape] });
  const size = x.shape.reduce((product, extent) => product * extent, 1);
  const known = shape.reduce(
    (product, extent, axis) => (axis === open ? product : product * extent),
    1,
  );
  return reshape(
    x,
    shape.map((extent, axis) => (axis === open ? Math.floor(size / known) : extent)),
  );
}

/** Axis `i` of the result is axis `permutation[i]` of `x`. */
export function transpose(x: Value, permutation: readonly number[]): Value {
  return build("transpose", [x], {
    permutation: permutation.map((axis) => normaliseAxis(axis, x.shape.length)),
  });
}

/** Broadcast to a larger shape. */
export function expand(x: Value, shape: Shape): Value {
  return sameShape(x.shape, shape) ? x : build("expand", [x], { shape: [...shape] });
}

export type Range = {
  readonly axis: number;
  readonly start: number;
  readonly end: number;
  readonly step?: number;
};

/** The part `start … end` (exclusive) of one axis; negative ends count from the back. */
export function slice(x: Value, range: Range): Value {
  const axis = normaliseAxis(range.axis, x.shape.length);
  const extent = x.shape[axis] ?? 1;
  const place = (index: number): number => (index < 0 ? index + extent : index);
  const onAxis = (value: number, other: (axis: number) => number): number[] =>
    x.shape.map((_, index) => (index === axis ? value : other(index)));
  return build("slice", [x], {
    starts: onAxis(place(range.start), () => 0),
    ends: onAxis(place(range.end), (index) => x.shape[index] ?? 1),
    steps: onAxis(range.step ?? 1, () => 1),
  });
}

/** Cut one axis into parts of the given lengths. */
export function split(x: Value, axis: number, lengths: readonly number[]): Value[] {
  const at = normaliseAxis(axis, x.shape.length);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  if (total !== x.shape[at]) {
    throw new ShapeError(
      `Parts of ${total} elements do not fill axis ${at} of ${x.shape[at] ?? 0}.`,
    );
  }
  let start = 0;
  return lengths.map((length) => {
    const part = slice(x, { axis: at, start, end: start + length });
    start += length;
    return part;
  });
}

export type Padding = {
  /** Elements to add in front of each axis. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** What they hold; 0 when not given. */
  readonly value?: number;
};

export function pad(x: Value, padding: Padding): Value {
  const { before, after, value = 0 } = padding;
  const nothing = [...before, ...after].every((count) => count === 0);
  return nothing ? x : build("pad", [x], { before, after, value });
}

export function concat(values: readonly Value[], axis: number): Value {
  const [first] = values;
  if (first !== undefined && values.length === 1) return first;
  return build("concat", values, { axis: normaliseAxis(axis, first?.shape.length ?? 0) });
}

/**
 * The rows of `x` along `axis` that `indices` (any shape) name. They may be int64, but only
 * int32 ones have a gradient on WebGPU.
 */
export function gather(x: Value, indices: Value, axis = 0): Value {
  return build("gather", [x, indices], { axis: normaliseAxis(axis, x.shape.length) });
}

/** `x` with an axis of extent 1 put in at `axis`. */
export function unsqueeze(x: Value, axis: number): Value {
  const at = normaliseAxis(axis, x.shape.length + 1);
  return reshape(x, [...x.shape.slice(0, at), 1, ...x.shape.slice(at)]);
}

/** Swap the last two axes. */
export function transposeLastTwo(x: Value): Value {
  const rank = x.shape.length;
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  return transpose(x, [...axes.slice(0, -2), rank - 1, rank - 2]);
}
