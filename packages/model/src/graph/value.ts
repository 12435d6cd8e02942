/**
 * @file Operations, and the values that they yield. Each needs the other's type: the gradient of
 * `withGradient` is made of values.
 */
import type { Distribution, DType, Shape, Tensor } from "../tensor/index.ts";

/** Given dL/dy, the gradient of every source, each of its source's shape. */
export type GradientRule = (dy: Value) => readonly Value[];

export type ParameterAttributes = { readonly name: string; readonly initial: Tensor };

type None = Readonly<Record<never, never>>;
type Reduction = { readonly axes: readonly number[]; readonly keepDims: boolean };
type Pair = readonly [number, number];
/** Padding of the two spatial axes: top, left, bottom, right. */
export type Pads = readonly [number, number, number, number];

export type Convolution = {
  readonly strides: Pair;
  readonly pads: Pads;
  readonly dilations: Pair;
  readonly groups: number;
};

export type Pooling = { readonly kernel: Pair; readonly strides: Pair; readonly pads: Pads };

/**
 * Every primitive operation and its attributes.
 *
 * Shape inference, ONNX lowering, the gradient rule and the numeric check are
 * tables over these keys, so an operation that lacks one does not compile.
 */
export interface OpAttributes {
  /* Leaves. */
  input: { readonly name: string; readonly shape: Shape; readonly dtype: DType };
  parameter: ParameterAttributes;
  constant: { readonly tensor: Tensor };
  random: { readonly name: string; readonly shape: Shape; readonly distribution: Distribution };

  /* Element-wise, one operand. */
  neg: None;
  exp: None;
  log: None;
  sqrt: None;
  tanh: None;
  sigmoid: None;
  erf: None;
  abs: None;
  sign: None;
  square: None;
  reciprocal: None;
  relu: None;
  gelu: None;
  quickGelu: None;
  not: None;
  cast: { readonly to: DType };
  /** The same value, through which no gradient flows. */
  stopGradient: None;
  /** The first operand, with a gradient for the others that the model works out itself. */
  withGradient: { readonly rule: GradientRule };

  /* Element-wise with broadcasting. */
  add: None;
  sub: None;
  mul: None;
  div: None;
  pow: None;
  min: None;
  max: None;
  less: None;
  lessOrEqual: None;
  equal: None;
  and: None;
  or: None;
  where: None;

  /* Contractions and reductions. */
  matMul: { readonly transposeA: boolean; readonly transposeB: boolean };
  /** a [m, k] times b [k, n] plus a bias c [n]. */
  gemm: { readonly transposeA: boolean; readonly transposeB: boolean };
  reduceSum: Reduction;
  reduceMean: Reduction;
  reduceMax: Reduction;
  softmax: { readonly axis: number };
  /** (x − mean) / sqrt(variance + epsilon) over the last axis. */
  normalise: { readonly epsilon: number };
  /** 1 / sqrt(variance + epsilon) over the last axis, which stays with extent 1. */
  inverseStd: { readonly epsilon: number };

  /* Moving data. */
  reshape: { readonly shape: Shape };
  transpose: { readonly permutation: readonly number[] };
  expand: { readonly shape: Shape };
  slice: {
    readonly starts: readonly number[];
    readonly ends: readonly number[];
    readonly steps: readonly number[];
  };
  pad: {
    readonly before: readonly number[];
    readonly after: readonly number[];
    readonly value: number;
  };
  concat: { readonly axis: number };
  gather: { readonly axis: number };

  /* Images, [n, c, h, w]. */
  conv2d: Convolution;
  convTranspose2d: Convolution & { readonly outputPads: Pair };
  maxPool2d: Pooling;
  avgPool2d: Pooling;
}

export type OpKind = keyof OpAttributes;

/**
 * The line of the model that built a value. Formatting a stack costs 50 µs, so
 * only the raw stack is taken and the line is worked out when someone asks.
 */
export interface Site {
  /** `file:line` of the first frame outside the engine. */
  describe(): string;
}

/**
 * One node of a graph and the array that it yields.
 *
 * A graph has no object of its own: values point at their inputs, and what an
 * output does not reach does not exist. Values are immutable.
 */
export interface Value<K extends OpKind = OpKind> {
  readonly kind: K;
  readonly inputs: readonly Value[];
  readonly attrs: OpAttributes[K];
  readonly shape: Shape;
  readonly dtype: DType;
  /** A name from the model's code, for printing and for the exported node. */
  readonly label: string | null;
  readonly site: Site;
}

export function isKind<K extends OpKind>(value: Value, kind: K): value is Value<K> {
  return value.kind === kind;
}

/** A trainable or frozen weight, with the array that it starts from. */
export type Parameter = Value<"parameter">;
