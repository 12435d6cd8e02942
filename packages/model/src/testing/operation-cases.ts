import { fixedPoint } from "../autodiff/index.ts";
import {
  abs,
  add,
  and,
  avgPool2d,
  build,
  cast,
  concat,
  constant,
  constantOf,
  conv2d,
  convTranspose2d,
  cosineSimilarity,
  div,
  equal,
  erf,
  exp,
  expand,
  gather,
  gaussianBlur,
  gelu,
  inverseStd,
  layerNorm,
  less,
  lessOrEqual,
  linear,
  log,
  logSumExp,
  matMul,
  max,
  maxPool2d,
  min,
  mul,
  neg,
  normalise,
  not,
  type OpKind,
  or,
  pad,
  pow,
  quickGelu,
  reciprocal,
  reduceMax,
  reduceMean,
  reduceSum,
  relu,
  reshape,
  resizeBilinear,
  sigmoid,
  sign,
  slice,
  softmax,
  split,
  sqrt,
  square,
  stopGradient,
  sub,
  tanh,
  topKMask,
  transpose,
  type Value,
  where,
  withGradient,
} from "../graph/index.ts";
import { filled } from "../tensor/index.ts";

/** Build the output of a case from its inputs, whose shapes the fixture gives. */
export type BuildCase = (...inputs: Value[]) => Value;

/** Leaves compute nothing, so there is nothing to check in them. */
type Leaf = "input" | "parameter" | "constant" | "random";

const gemm =
  (transposeA: boolean, transposeB: boolean): BuildCase =>
  (a, b, c) =>
    build(
      "gemm",
      [a, b, c].filter((value) => value !== undefined),
      { transposeA, transposeB },
    );

const transposed =
  (transposeA: boolean, transposeB: boolean): BuildCase =>
  (a, b) =>
    matMul(given(a), given(b), { transposeA, transposeB });

function given(value: Value | undefined): Value {
  if (value === undefined) throw new Error("The fixture has fewer inputs than the case.");
  return value;
}

/** A case of one operand. */
const one =
  (build: (x: Value) => Value): BuildCase =>
  (x) =>
    build(given(x));

/** A case of two operands. */
const two =
  (build: (a: Value, b: Value) => Value): BuildCase =>
  (a, b) =>
    build(given(a), given(b));

/**
 * The checks of every operation, by the name of their fixture. The mapped type makes the
 * table total: an operation without a numeric check does not compile.
 */
export const operationCases: {
  readonly [K in Exclude<OpKind, Leaf>]: Readonly<Record<string, BuildCase>>;
} = {
  neg: { neg: one(neg) },
  exp: { exp: one(exp) },
  log: { log: one(log) },
  sqrt: { sqrt: one(sqrt) },
  tanh: { tanh: one(tanh) },
  sigmoid: { sigmoid: one(sigmoid) },
  erf: { erf: one(erf) },
  abs: { abs: one(abs) },
  sign: { sign: one(sign) },
  square: { square: one(square) },
  reciprocal: { reciprocal: one(reciprocal) },
  relu: { relu: one(relu) },
  gelu: { gelu: one(gelu) },
  quickGelu: { quickGelu: one(quickGelu) },
  not: { not: one(not) },
  cast: {
    "cast to integer": one((x) => cast(cast(x, "int32"), "float32")),
    "cast of flags": one((x) => cast(x, "float32")),
    "cast between floats": one((x) => mul(cast(cast(x, "float64"), "float32"), 2)),
  },
  stopGradient: { stopGradient: one((x) => add(stopGradient(x), mul(x, 2))) },
  withGradient: {
    withGradient: one((x) => withGradient(square(x), [x], (dy) => [mul(dy, 3)])),
  },

  add: { add: two(add), "add row": two(add), "add column to row": two(add) },
  sub: { "sub column": two(sub) },
  mul: { mul: two(mul) },
  div: { div: two(div) },
  pow: { pow: two(pow) },
  min: { min: two(min) },
  max: { max: two(max) },
  less: { less: two(less) },
  lessOrEqual: { lessOrEqual: two(lessOrEqual) },
  equal: { equal: two(equal) },
  and: { and: two(and) },
  or: { or: two(or) },
  where: { where: (c, a, b) => where(given(c), given(a), given(b)) },

  matMul: {
    matMul: two(matMul),
    "matMul broadcast": two(matMul),
    "matMul transposed left": transposed(true, false),
    "matMul transposed right": transposed(false, true),
    "matMul transposed both": transposed(true, true),
    "matMul plain matrices": two(matMul),
    "matMul transposed matrices": transposed(true, true),
  },
  gemm: {
    gemm: gemm(false, false),
    "gemm transposed": gemm(true, true),
    linear: (x, w, b) => linear(given(x), given(w), given(b)),
  },
  reduceSum: {
    reduceSum: one((x) => reduceSum(x)),
    "reduceSum axes": one((x) => reduceSum(x, { axes: [0, -1] })),
    "reduceSum of squares": one((x) => reduceSum(square(x), { axes: [1] })),
  },
  reduceMean: { reduceMean: one((x) => reduceMean(x, { axes: [1], keepDims: true })) },
  reduceMax: {
    reduceMax: one((x) => reduceMax(x, { axes: [1, 2] })),
    "reduceMax kept": one((x) => reduceMax(x, { axes: [1], keepDims: true })),
  },
  softmax: { softmax: one((x) => softmax(x)), "softmax axis": one((x) => softmax(x, 1)) },
  normalise: { normalise: one((x) => normalise(x)) },
  inverseStd: { inverseStd: one((x) => inverseStd(x, 1e-5)) },

  reshape: {
    reshape: one((x) => mul(reshape(x, [4, -1]), constantOf([0, 1, 2, 3, 4, 5]))),
  },
  transpose: { transpose: one((x) => transpose(x, [2, 0, -2])) },
  expand: { expand: one((x) => expand(x, [2, 3, 4])) },
  slice: {
    slice: one((x) => slice(x, { axis: 1, start: 1, end: 3 })),
    "slice with steps": one((x) => slice(x, { axis: 1, start: 1, end: 6, step: 2 })),
    "slice with steps to the end": one((x) => slice(x, { axis: 1, start: 0, end: 7, step: 3 })),
  },
  pad: { pad: one((x) => pad(x, { before: [0, 0, 1], after: [0, 1, 2] })) },
  concat: { concat: (...parts) => concat(parts, 1) },
  gather: {
    gather: two((x, indices) => gather(x, indices)),
    "gather axis": two((x, indices) => gather(x, indices, 1)),
  },

  conv2d: {
    conv2d: two((x, k) => conv2d(x, k)),
    "conv2d strided": two((x, k) => conv2d(x, k, { strides: [2, 2], pads: [1, 1, 1, 1] })),
    "conv2d dilated": two((x, k) => conv2d(x, k, { dilations: [2, 2], pads: [1, 2, 1, 2] })),
    "conv2d grouped": two((x, k) => conv2d(x, k, { strides: [2, 1], groups: 2 })),
  },
  convTranspose2d: {
    convTranspose2d: two((x, k) => convTranspose2d(x, k)),
    "convTranspose2d strided": two((x, k) =>
      convTranspose2d(x, k, { strides: [2, 2], pads: [1, 1, 1, 1], outputPads: [1, 1] }),
    ),
    "convTranspose2d grouped": two((x, k) =>
      convTranspose2d(x, k, { strides: [1, 2], dilations: [2, 2], groups: 2 }),
    ),
  },
  maxPool2d: {
    maxPool2d: one((x) => maxPool2d(x, { kernel: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] })),
    "maxPool2d tied": one((x) => maxPool2d(x, { kernel: [2, 2] })),
  },
  avgPool2d: {
    avgPool2d: one((x) => avgPool2d(x, { kernel: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] })),
  },
};

/** Functions made of several operations, checked in the same way. */
export const composedCases: Readonly<Record<string, BuildCase>> = {
  logSumExp: one((x) => logSumExp(x, 1)),
  layerNorm: (x, scale, bias) => layerNorm(given(x), { scale: given(scale), bias: given(bias) }),
  cosineSimilarity: two((a, b) => cosineSimilarity(a, b, { axes: [-1] })),
  topKMask: one((x) => mul(x, topKMask(x, 2))),
  "resizeBilinear up": one((x) => resizeBilinear(x, [9, 12])),
  "resizeBilinear down": one((x) => resizeBilinear(x, [4, 3])),
  gaussianBlur: one((x) => gaussianBlur(x, 1.3)),
  "gaussianBlur wider than the image": one((x) => gaussianBlur(x, 2.5)),
  fixedPoint: two((w, c) =>
    fixedPoint({
      step: (z) => tanh(add(c, div(matMul(z, w), 8))),
      start: constant(filled([2, 3], 0)),
      iterations: 40,
    }),
  ),
  attention: two((x, w) => {
    const parts = split(linear(x, w, null), -1, [4, 4, 4]);
    const [q, k, v] = parts.map((part) => transpose(reshape(part, [2, 3, 2, 2]), [0, 2, 1, 3]));
    const weights = softmax(div(matMul(given(q), given(k), { transposeB: true }), Math.SQRT2));
    return reshape(transpose(matMul(weights, given(v)), [0, 2, 1, 3]), [2, 3, 4]);
  }),
};
