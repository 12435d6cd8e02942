import { normaliseAxes, normaliseAxis, sizeOf } from "../tensor/index.ts";
import { build } from "./build.ts";
import {
  add,
  and,
  cast,
  div,
  equal,
  exp,
  less,
  log,
  mul,
  or,
  sqrt,
  square,
  stopGradient,
  sub,
} from "./element-wise.ts";
import { constantOf } from "./leaves.ts";
import { reshape } from "./movement.ts";
import type { Value } from "./value.ts";

type Transposition = { readonly transposeA?: boolean; readonly transposeB?: boolean };
type Reduction = { readonly axes?: readonly number[]; readonly keepDims?: boolean };

/** Matrix product over the last two axes, with broadcasting over the leading ones. */
export function matMul(a: Value, b: Value, options: Transposition = {}): Value {
  return build("matMul", [a, b], {
    transposeA: options.transposeA ?? false,
    transposeB: options.transposeB ?? false,
  });
}

/**
 * x W + b over the last axis: x [..., in], weight [in, out], bias [out] → [..., out].
 *
 * The leading axes are flattened, so that forward and both gradients are each
 * one large matrix product.
 */
export function linear(x: Value, weight: Value, bias: Value | null): Value {
  const width = x.shape.at(-1) ?? 1;
  const rows = reshape(x, [sizeOf(x.shape) / width, width]);
  const plain = { transposeA: false, transposeB: false };
  const result = bias === null ? matMul(rows, weight) : build("gemm", [rows, weight, bias], plain);
  return reshape(result, [...x.shape.slice(0, -1), weight.shape.at(-1) ?? 1]);
}

const reduction =
  (kind: "reduceSum" | "reduceMean" | "reduceMax") =>
  (x: Value, options: Reduction = {}): Value =>
    build(kind, [x], {
      axes: normaliseAxes(options.axes, x.shape.length),
      keepDims: options.keepDims ?? false,
    });

/** Sum over `axes` (all when not given), which disappear unless `keepDims`. */
export const reduceSum = reduction("reduceSum");
export const reduceMean = reduction("reduceMean");
/** Maximum; equal maxima share the gradient evenly. */
export const reduceMax = reduction("reduceMax");

export function softmax(x: Value, axis = -1): Value {
  return build("softmax", [x], { axis: normaliseAxis(axis, x.shape.length) });
}

/** log Σ exp(x) over one axis, shifted by the maximum so that nothing overflows. */
export function logSumExp(x: Value, axis = -1): Value {
  const axes = [normaliseAxis(axis, x.shape.length)];
  const top = stopGradient(reduceMax(x, { axes, keepDims: true }));
  const sum = reduceSum(exp(sub(x, top)), { axes, keepDims: true });
  const kept = add(log(sum), top);
  return reshape(
    kept,
    x.shape.filter((_, index) => index !== axes[0]),
  );
}

/** (x − mean) / sqrt(variance + epsilon) over the last axis. */
export function normalise(x: Value, epsilon = 1e-5): Value {
  return build("normalise", [x], { epsilon });
}

/** 1 / sqrt(variance + epsilon) over the last axis, which stays with extent 1. */
export function inverseStd(x: Value, epsilon: number): Value {
  return build("inverseStd", [x], { epsilon });
}

export type NormWeights = { readonly scale: Value; readonly bias: Value };

/** Layer normalisation over the last axis (Ba et al. 2016), weights [c]. */
export function layerNorm(x: Value, weights: NormWeights, epsilon = 1e-5): Value {
  return add(mul(normalise(x, epsilon), weights.scale), weights.bias);
}

/** Euclidean norm over `axes`; `epsilon` is added under the root and keeps the gradient finite at 0. */
export function l2Norm(x: Value, options: Reduction & { readonly epsilon?: number } = {}): Value {
  return sqrt(add(reduceSum(square(x), options), options.epsilon ?? 1e-12));
}

/** Cosine of the angle between `a` and `b` over `axes`. */
export function cosineSimilarity(a: Value, b: Value, options: Reduction = {}): Value {
  const dot = reduceSum(mul(a, b), options);
  return div(dot, mul(l2Norm(a, options), l2Norm(b, options)));
}

/**
 * 1 where x is among the `count` largest along its last axis, else 0; of equal values the
 * first ones win. No gradient flows through the choice.
 *
 * The rank of an element is the number of elements that beat it, found by comparing all
 * pairs: n² comparisons a row, but no sort, which not every provider has.
 */
export function topKMask(x: Value, count: number): Value {
  const width = x.shape.at(-1) ?? 1;
  const fixed = stopGradient(x);
  const mine = reshape(fixed, [...x.shape, 1]);
  const others = reshape(fixed, [...x.shape.slice(0, -1), 1, width]);
  const places = Float32Array.from({ length: width }, (_, index) => index);
  const isEarlier = less(constantOf(places, [1, width]), constantOf(places, [width, 1]));
  const beaten = or(less(mine, others), and(equal(mine, others), isEarlier));
  const rank = reduceSum(cast(beaten, "float32"), { axes: [-1] });
  return cast(less(rank, count), x.dtype);
}
