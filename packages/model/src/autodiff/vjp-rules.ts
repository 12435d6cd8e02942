import {
  add,
  build,
  cast,
  constant,
  div,
  equal,
  erf,
  exp,
  inverseStd,
  isKind,
  less,
  log,
  matMul,
  mul,
  neg,
  one,
  type OpKind,
  pow,
  reduceMean,
  reduceSum,
  reshape,
  sigmoid,
  sign,
  slice,
  square,
  sub,
  three,
  transpose,
  two,
  type Value,
  where,
} from "../graph/index.ts";
import { filled, isFloat, normaliseAxes, sizeOf, tensor } from "../tensor/index.ts";
import { imageRules } from "./image-rules.ts";
import { fullGradient, reduceGradient } from "./reduce-gradient.ts";
import { unslice } from "./unslice.ts";
import type { VjpRule } from "./vjp-rule.ts";

/** Element-wise kinds, whose rules work on a gradient that is not spread out. */
const TAKES_BROADCAST: ReadonlySet<OpKind> = new Set<OpKind>([
  "neg",
  "exp",
  "log",
  "sqrt",
  "tanh",
  "sigmoid",
  "erf",
  "abs",
  "square",
  "reciprocal",
  "relu",
  "gelu",
  "quickGelu",
  "cast",
  "add",
  "sub",
  "mul",
  "div",
  "pow",
  "min",
  "max",
  "where",
  "reduceSum",
  "reduceMean",
]);

const none = (node: Value): readonly null[] => node.inputs.map(() => null);

/** A rule for one operand with y' given by the value that it multiplies. */
const chain =
  (derivative: (x: Value, y: Value) => Value) =>
  (node: Value, dy: Value): readonly Value[] => [mul(dy, derivative(one(node.inputs), node))];

/** A rule for two broadcast operands from the two unreduced gradients. */
const pair =
  (rule: (operands: { a: Value; b: Value; y: Value }, dy: Value) => readonly [Value, Value]) =>
  (node: Value, dy: Value): readonly Value[] => {
    const [a, b] = two(node.inputs);
    const [da, db] = rule({ a, b, y: node }, dy);
    return [reduceGradient(da, node.shape, a.shape), reduceGradient(db, node.shape, b.shape)];
  };

/** `dy` of a reduction with the reduced axes put back at extent 1. */
function keepReduced(node: Value<"reduceSum" | "reduceMean" | "reduceMax">, dy: Value): Value {
  const axes = new Set(normaliseAxes(node.attrs.axes, one(node.inputs).shape.length));
  if (node.attrs.keepDims) return dy;
  let place = 0;
  return reshape(
    dy,
    one(node.inputs).shape.map((_, axis) => (axes.has(axis) ? 1 : (dy.shape[place++] ?? 1))),
  );
}

/** The share of dL/dy that the first of two operands gets where `wins` holds; half where they tie. */
function share(dy: Value, wins: Value, ties: Value): Value {
  return mul(dy, where(wins, unit(dy, 1), where(ties, unit(dy, 0.5), unit(dy, 0))));
}

function unit(like: Value, value: number): Value {
  return constant(filled([], value, like.dtype));
}

/**
 * Σ y dy along the softmax's axis, which stays with extent 1. In attention y weighs values V, and
 * dy = dO Vᵀ: then it is Σ dO (y V), over the width of a head rather than over all tokens, and y V is
 * there from the forward pass (Dao et al. 2022, FlashAttention, appendix B).
 */
function weightedSum(y: Value<"softmax">, dy: Value): Value {
  const { axis } = y.attrs;
  const sum = (x: Value): Value => reduceSum(x, { axes: [axis], keepDims: true });
  const isLast = axis === y.shape.length - 1;
  if (!isLast || !isKind(dy, "matMul") || dy.attrs.transposeA) return sum(mul(y, dy));
  const [dOutput, values] = two(dy.inputs);
  const output = matMul(y, values, { transposeB: !dy.attrs.transposeB });
  return sum(mul(dOutput, output));
}

function gatherGradient(node: Value<"gather">, dy: Value): Value {
  const [x, indices] = two(node.inputs);
  const { axis } = node.attrs;
  const extent = x.shape[axis] ?? 1;
  const count = sizeOf(indices.shape);
  const [front, back] = [x.shape.slice(0, axis), x.shape.slice(axis + 1)];
  // One row for each index, times the matrix that says which row of x it came from.
  const rows = transpose(reshape(dy, [sizeOf(front), count, sizeOf(back)]), [1, 0, 2]);
  const range = Int32Array.from({ length: extent }, (_, index) => index);
  const places = constant(tensor("int32", [1, extent], range));
  const chosen = cast(equal(reshape(cast(indices, "int32"), [count, 1]), places), dy.dtype);
  const summed = matMul(chosen, reshape(rows, [count, sizeOf(front) * sizeOf(back)]), {
    transposeA: true,
  });
  const parted = reshape(summed, [extent, sizeOf(front), sizeOf(back)]);
  return reshape(transpose(parted, [1, 0, 2]), x.shape);
}

/** The total table of reverse-mode rules. Rules only build values, so a backward pass is a graph. */
export const vjpRules: { readonly [K in OpKind]: VjpRule<K> } = {
  input: none,
  parameter: none,
  constant: none,
  random: none,

  neg: (_, dy) => [neg(dy)],
  exp: chain((_, y) => y),
  log: (node, dy) => [div(dy, one(node.inputs))],
  sqrt: (node, dy) => [div(mul(dy, 0.5), node)],
  tanh: chain((_, y) => sub(1, square(y))),
  sigmoid: chain((_, y) => mul(y, sub(1, y))),
  // erf' = 2/√π exp(−x²)
  erf: chain((x) => mul(exp(neg(square(x))), 2 / Math.sqrt(Math.PI))),
  abs: chain((x) => sign(x)),
  sign: none,
  square: chain((x) => mul(x, 2)),
  reciprocal: chain((_, y) => neg(square(y))),
  relu: chain((x) => cast(less(0, x), x.dtype)),
  // (x Φ(x))' = Φ(x) + x φ(x), with u = x/√2: Φ = (1 + erf u) / 2, x φ = u / (√π exp u²).
  // The division saves a pass over the array for the sign of −u².
  gelu: chain((x) => {
    const u = mul(x, Math.SQRT1_2);
    const cumulative = add(mul(erf(u), 0.5), 0.5);
    return add(cumulative, div(mul(x, 1 / Math.sqrt(2 * Math.PI)), exp(square(u))));
  }),
  // (x s)' = s + α y (1 − s) with s = σ(αx)
  quickGelu: chain((x, y) => {
    const s = sigmoid(mul(x, 1.702));
    return add(s, mul(mul(y, 1.702), sub(1, s)));
  }),
  not: none,
  cast: (node, dy) => {
    const x = one(node.inputs);
    return [isFloat(x.dtype) ? cast(dy, x.dtype) : null];
  },
  stopGradient: none,
  withGradient: (node, dy) => [null, ...node.attrs.rule(dy)],

  add: pair((_, dy) => [dy, dy]),
  sub: pair((_, dy) => [dy, neg(dy)]),
  mul: pair(({ a, b }, dy) => [mul(dy, b), mul(dy, a)]),
  div: pair(({ b, y }, dy) => {
    const scaled = div(dy, b);
    return [scaled, neg(mul(scaled, y))];
  }),
  pow: pair(({ a, b, y }, dy) => [mul(dy, mul(b, pow(a, sub(b, 1)))), mul(dy, mul(y, log(a)))]),
  min: pair(({ a, b }, dy) => [
    share(dy, less(a, b), equal(a, b)),
    share(dy, less(b, a), equal(a, b)),
  ]),
  max: pair(({ a, b }, dy) => [
    share(dy, less(b, a), equal(a, b)),
    share(dy, less(a, b), equal(a, b)),
  ]),
  less: none,
  lessOrEqual: none,
  equal: none,
  and: none,
  or: none,
  where: (node, dy) => {
    const [condition, a, b] = three(node.inputs);
    return [
      null,
      reduceGradient(where(condition, dy, 0), node.shape, a.shape),
      reduceGradient(where(condition, 0, dy), node.shape, b.shape),
    ];
  },

  // Y = AB ⇒ dA = dY Bᵀ, dB = Aᵀ dY; with transposed operands the products swap.
  matMul: (node, dy) => {
    const [a, b] = two(node.inputs);
    const { transposeA, transposeB } = node.attrs;
    const da = transposeA
      ? matMul(b, dy, { transposeA: transposeB, transposeB: true })
      : matMul(dy, b, { transposeB: !transposeB });
    const db = transposeB
      ? matMul(dy, a, { transposeA: true, transposeB: transposeA })
      : matMul(a, dy, { transposeA: !transposeA });
    return [reduceGradient(da, da.shape, a.shape), reduceGradient(db, db.shape, b.shape)];
  },
  gemm: (node, dy) => {
    const [a, b, c] = three(node.inputs);
    const product = vjpRules.matMul(build("matMul", [a, b], node.attrs), dy);
    return [...product, reduceGradient(dy, node.shape, c.shape)];
  },
  reduceSum: (node, dy) => [keepReduced(node, dy)],
  reduceMean: (node, dy) => {
    const kept = keepReduced(node, dy);
    return [mul(kept, sizeOf(node.shape) / sizeOf(one(node.inputs).shape))];
  },
  reduceMax: (node, dy) => {
    const x = one(node.inputs);
    const winners = cast(equal(x, keepReduced(node, node)), node.dtype);
    const count = reduceSum(winners, { axes: node.attrs.axes, keepDims: true });
    return [mul(winners, div(keepReduced(node, dy), count))];
  },
  // dx = y (dy − Σ y dy)
  softmax: (node, dy) => [mul(node, sub(dy, weightedSum(node, dy)))],
  // dx = r (dy − mean(dy) − x̂ mean(dy x̂)), r = 1/σ
  normalise: (node, dy) => {
    const last = { axes: [-1], keepDims: true };
    const r = inverseStd(one(node.inputs), node.attrs.epsilon);
    const along = reduceMean(mul(dy, node), last);
    return [mul(sub(sub(dy, reduceMean(dy, last)), mul(node, along)), r)];
  },
  // r = (variance + ε)^−½ ⇒ dr/dx = −r² x̂ / n
  inverseStd: (node, dy) => {
    const x = one(node.inputs);
    const xHat = build("normalise", [x], node.attrs);
    return [mul(mul(xHat, square(node)), mul(dy, -1 / (x.shape.at(-1) ?? 1)))];
  },

  reshape: (node, dy) => [reshape(dy, one(node.inputs).shape)],
  transpose: (node, dy) => {
    const inverse = node.attrs.permutation.map((_, axis) => node.attrs.permutation.indexOf(axis));
    return [transpose(dy, inverse)];
  },
  expand: (node, dy) => [reduceGradient(dy, node.shape, one(node.inputs).shape)],
  slice: (node, dy) => [unslice(dy, node.attrs, one(node.inputs).shape)],
  pad: (node, dy) => {
    const { before } = node.attrs;
    const { shape } = one(node.inputs);
    return [
      shape.reduce<Value>((value, extent, axis) => {
        const start = before[axis] ?? 0;
        const whole = start === 0 && value.shape[axis] === extent;
        return whole ? value : slice(value, { axis, start, end: start + extent });
      }, dy),
    ];
  },
  concat: (node, dy) => {
    const { axis } = node.attrs;
    let start = 0;
    return node.inputs.map((part) => {
      const end = start + (part.shape[axis] ?? 1);
      const gradient = slice(dy, { axis, start, end });
      start = end;
      return gradient;
    });
  },
  gather: (node, dy) => [gatherGradient(node, dy), null],
  ...imageRules,
};

/** The gradients of one node's operands, with `dy` spread out where the rule needs it. */
export function applyRule<K extends OpKind>(node: Value<K>, dy: Value): readonly (Value | null)[] {
  const isLoose = TAKES_BROADCAST.has(node.kind);
  return vjpRules[node.kind](node, isLoose ? dy : fullGradient(dy, node.shape));
}
