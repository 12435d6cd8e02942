export type Shape = readonly number[];

/** Shapes that cannot meet. The graph builder adds the line of the model that asked for it. */
export class ShapeError extends Error {
  override readonly name = "ShapeError";
}

/** Number of elements; 1 for a scalar `[]`. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((size, extent) => size * extent, 1);
}

export function formatShape(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((extent, axis) => extent === b[axis]);
}

/** Shape of an element-wise result under NumPy's broadcasting rules. */
export function broadcastShapes(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (left !== right && left !== 1 && right !== 1) {
      throw new ShapeError(
        `${formatShape(a)} and ${formatShape(b)} do not broadcast: ` +
          `axis ${axis - rank} is ${left} against ${right}.`,
      );
    }
    return left === 1 ? right : left;
  });
}

/** Turn a possibly negative axis into 0 … rank − 1. */
export function normaliseAxis(axis: number, rank: number): number {
  const positive = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(axis) || positive < 0 || positive >= rank) {
    throw new ShapeError(`Axis ${axis} does not exist in a value of rank ${rank}.`);
  }
  return positive;
}

/** Sorted, positive axes without repetition; all axes when none are given. */
export function normaliseAxes(axes: readonly number[] | undefined, rank: number): number[] {
  if (axes === undefined) return Array.from({ length: rank }, (_, axis) => axis);
  const positive = axes.map((axis) => normaliseAxis(axis, rank));
  if (new Set(positive).size !== positive.length) {
    throw new ShapeError(`Axes ${formatShape(axes)} name an axis twice.`);
  }
  return positive.sort((a, b) => a - b);
}

/** Row-major strides, counted in elements. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    strides[axis] = strides[axis + 1]! * shape[axis + 1]!;
  }
  return strides;
}
