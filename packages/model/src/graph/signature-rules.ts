import {
  broadcastShapes,
  type DType,
  formatShape,
  isFloat,
  normaliseAxes,
  normaliseAxis,
  sameShape,
  type Shape,
  ShapeError,
  sizeOf,
} from "../tensor/index.ts";
import { convolutionRules } from "./convolution-shapes.ts";
import type { Signature, SignatureRule } from "./signature.ts";
import type { OpAttributes, OpKind, Value } from "./value.ts";

/** The only operand, or an error that says how many came. */
export function one(inputs: readonly Value[]): Value {
  const [x] = inputs;
  if (x === undefined || inputs.length !== 1) {
    throw new ShapeError(`Expected 1 operand, got ${inputs.length}.`);
  }
  return x;
}

export function two(inputs: readonly Value[]): [Value, Value] {
  const [a, b] = inputs;
  if (a === undefined || b === undefined || inputs.length !== 2) {
    throw new ShapeError(`Expected 2 operands, got ${inputs.length}.`);
  }
  return [a, b];
}

export function three(inputs: readonly Value[]): [Value, Value, Value] {
  const [a, b, c] = inputs;
  if (a === undefined || b === undefined || c === undefined || inputs.length !== 3) {
    throw new ShapeError(`Expected 3 operands, got ${inputs.length}.`);
  }
  return [a, b, c];
}

function sameType(a: Value, b: Value): DType {
  if (a.dtype !== b.dtype) {
    throw new ShapeError(`Operands are ${a.dtype} and ${b.dtype}. Cast one of them.`);
  }
  return a.dtype;
}

function requireBool(value: Value): void {
  if (value.dtype !== "bool") throw new ShapeError(`Expected bool, got ${value.dtype}.`);
}

const unary = (inputs: readonly Value[]): Signature => {
  const { shape, dtype } = one(inputs);
  return { shape, dtype };
};

const floatUnary = (inputs: readonly Value[]): Signature => {
  const { shape, dtype } = one(inputs);
  if (!isFloat(dtype)) throw new ShapeError(`Expected a float operand, got ${dtype}.`);
  return { shape, dtype };
};

const binary = (inputs: readonly Value[]): Signature => {
  const [a, b] = two(inputs);
  return { dtype: sameType(a, b), shape: broadcastShapes(a.shape, b.shape) };
};

const compare = (inputs: readonly Value[]): Signature => ({
  ...binary(inputs),
  dtype: "bool",
});

const logical = (inputs: readonly Value[]): Signature => {
  for (const operand of inputs) requireBool(operand);
  return binary(inputs);
};

const reduction = (
  inputs: readonly Value[],
  attrs: { readonly axes: readonly number[]; readonly keepDims: boolean },
): Signature => {
  const { shape, dtype } = one(inputs);
  const axes = new Set(normaliseAxes(attrs.axes, shape.length));
  const reduced = attrs.keepDims
    ? shape.map((extent, axis) => (axes.has(axis) ? 1 : extent))
    : shape.filter((_, axis) => !axes.has(axis));
  return { shape: reduced, dtype };
};

/** [rows, columns] of a matrix operand, after transposition. */
function matrix(shape: Shape, transposed: boolean): [number, number] {
  const [rows, columns] = shape.slice(-2);
  if (rows === undefined || columns === undefined) {
    throw new ShapeError(`${formatShape(shape)} is no matrix: it needs at least two axes.`);
  }
  return transposed ? [columns, rows] : [rows, columns];
}

function product(a: Value, b: Value, attrs: OpAttributes["matMul"]): Signature {
  const [m, inner] = matrix(a.shape, attrs.transposeA);
  const [innerB, n] = matrix(b.shape, attrs.transposeB);
  if (inner !== innerB) {
    throw new ShapeError(`Inner extents differ: ${inner} columns against ${innerB} rows.`);
  }
  const batch = broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2));
  return { shape: [...batch, m, n], dtype: sameType(a, b) };
}

/**
 * Shape and element type of every operation's result, from its operands.
 *
 * @throws ShapeError when the operands do not fit; `build` adds the line of the model
 */
export const signatureRules: { readonly [K in OpKind]: SignatureRule<K> } = {
  input: (_, { shape, dtype }) => ({ shape, dtype }),
  parameter: (_, { initial }) => ({ shape: initial.shape, dtype: initial.dtype }),
  constant: (_, { tensor }) => ({ shape: tensor.shape, dtype: tensor.dtype }),
  random: (_, { shape }) => ({ shape, dtype: "float32" }),

  neg: unary,
  exp: floatUnary,
  log: floatUnary,
  sqrt: floatUnary,
  tanh: floatUnary,
  sigmoid: floatUnary,
  erf: floatUnary,
  abs: unary,
  sign: unary,
  square: unary,
  reciprocal: floatUnary,
  relu: floatUnary,
  gelu: floatUnary,
  quickGelu: floatUnary,
  not: (inputs) => {
    requireBool(one(inputs));
    return unary(inputs);
  },
  cast: (inputs, { to }) => ({ shape: one(inputs).shape, dtype: to }),
  stopGradient: unary,
  withGradient: ([y]) => unary(y === undefined ? [] : [y]),

  add: binary,
  sub: binary,
  mul: binary,
  div: binary,
  pow: binary,
  min: binary,
  max: binary,
  less: compare,
  lessOrEqual: compare,
  equal: compare,
  and: logical,
  or: logical,
  where: (inputs) => {
    const [condition, a, b] = three(inputs);
    requireBool(condition);
    const shape = broadcastShapes(condition.shape, broadcastShapes(a.shape, b.shape));
    return { shape, dtype: sameType(a, b) };
  },

  matMul: (inputs, attrs) => product(...two(inputs), attrs),
  gemm: (inputs, attrs) => {
    const [a, b, c] = three(inputs);
    const { shape, dtype } = product(a, b, attrs);
    if (a.shape.length !== 2 || b.shape.length !== 2) {
      throw new ShapeError("Both operands must be matrices. Flatten the leading axes first.");
    }
    if (!sameShape(c.shape, shape.slice(1))) {
      throw new ShapeError(
        `The bias must be ${formatShape(shape.slice(1))}, got ${formatShape(c.shape)}.`,
      );
    }
    return { shape, dtype };
  },
  reduceSum: reduction,
  reduceMean: reduction,
  reduceMax: reduction,
  softmax: (inputs, { axis }) => {
    normaliseAxis(axis, one(inputs).shape.length);
    return floatUnary(inputs);
  },
  normalise: floatUnary,
  inverseStd: (inputs) => {
    const { shape, dtype } = floatUnary(inputs);
    return { shape: [...shape.slice(0, -1), 1], dtype };
  },

  reshape: (inputs, { shape }) => {
    const x = one(inputs);
    if (sizeOf(shape) !== sizeOf(x.shape)) {
      throw new ShapeError(
        `${sizeOf(x.shape)} elements cannot become ${formatShape(shape)} (${sizeOf(shape)}).`,
      );
    }
    return { shape, dtype: x.dtype };
  },
  transpose: (inputs, { permutation }) => {
    const x = one(inputs);
    const axes = normaliseAxes(permutation, x.shape.length);
    if (axes.length !== x.shape.length) {
      throw new ShapeError(`${formatShape(permutation)} is no permutation of the axes.`);
    }
    const extent = (axis: number): number => x.shape.at(axis) ?? 1;
    return { shape: permutation.map(extent), dtype: x.dtype };
  },
  expand: (inputs, { shape }) => {
    const x = one(inputs);
    if (!sameShape(broadcastShapes(x.shape, shape), shape)) {
      throw new ShapeError(`${formatShape(x.shape)} does not expand to ${formatShape(shape)}.`);
    }
    return { shape, dtype: x.dtype };
  },
  slice: (inputs, { starts, ends, steps }) => {
    const x = one(inputs);
    const shape = x.shape.map((extent, axis) => {
      const [start, end, step] = [starts[axis] ?? 0, ends[axis] ?? extent, steps[axis] ?? 1];
      if (start < 0 || end > extent || start >= end || step < 1) {
        throw new ShapeError(
          `Slice ${start}:${end}:${step} is not inside axis ${axis} of extent ${extent}.`,
        );
      }
      return Math.ceil((end - start) / step);
    });
    return { shape, dtype: x.dtype };
  },
  pad: (inputs, { before, after }) => {
    const x = one(inputs);
    const shape = x.shape.map((extent, axis) => extent + (before[axis] ?? 0) + (after[axis] ?? 0));
    return { shape, dtype: x.dtype };
  },
  concat: (inputs, attrs) => {
    const [first] = inputs;
    if (first === undefined) throw new ShapeError("Nothing to concatenate.");
    const axis = normaliseAxis(attrs.axis, first.shape.length);
    const rest = (value: Value): Shape => value.shape.filter((_, index) => index !== axis);
    for (const value of inputs) {
      sameType(first, value);
      if (!sameShape(rest(first), rest(value))) {
        throw new ShapeError(`Operands differ outside axis ${axis}.`);
      }
    }
    const extent = inputs.reduce((sum, value) => sum + (value.shape[axis] ?? 0), 0);
    return {
      shape: first.shape.map((length, index) => (index === axis ? extent : length)),
      dtype: first.dtype,
    };
  },
  gather: (inputs, attrs) => {
    const [x, indices] = two(inputs);
    const axis = normaliseAxis(attrs.axis, x.shape.length);
    if (indices.dtype !== "int64" && indices.dtype !== "int32") {
      throw new ShapeError(`Indices must be int64 or int32, got ${indices.dtype}.`);
    }
    return {
      shape: [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)],
      dtype: x.dtype,
    };
  },
  ...convolutionRules,
};
