import type { DType } from "../tensor/index.ts";
import { build } from "./build.ts";
import { asValue, constant, type Operand } from "./leaves.ts";
import type { GradientRule, OpKind, Value } from "./value.ts";
import { float32 } from "../tensor/index.ts";

type BinaryKind =
  "add" | "sub" | "mul" | "div" | "pow" | "min" | "max" | "less" | "lessOrEqual" | "equal";

/** Kinds without attributes that take one operand. */
type UnaryKind = Extract<
  OpKind,
  | "neg"
  | "exp"
  | "log"
  | "sqrt"
  | "tanh"
  | "sigmoid"
  | "erf"
  | "abs"
  | "sign"
  | "square"
  | "reciprocal"
  | "relu"
  | "gelu"
  | "quickGelu"
  | "not"
  | "stopGradient"
>;

const unary =
  (kind: UnaryKind) =>
  (x: Value): Value =>
    build(kind, [x], {});

/** At least one operand is a value; a number takes its type and broadcasts. */
const binary =
  (kind: BinaryKind) =>
  (a: Operand, b: Operand): Value => {
    const like = typeof a === "number" ? b : a;
    if (typeof like === "number") return build(kind, [scalar(a), scalar(b)], {});
    return build(kind, [asValue(a, like), asValue(b, like)], {});
  };

function scalar(operand: Operand): Value {
  return typeof operand === "number" ? constant(float32([], [operand])) : operand;
}

export const neg = unary("neg");
export const exp = unary("exp");
/** Natural logarithm. */
export const log = unary("log");
export const sqrt = unary("sqrt");
export const tanh = unary("tanh");
export const sigmoid = unary("sigmoid");
export const erf = unary("erf");
/** |x|; the gradient at 0 is taken as 0. */
export const abs = unary("abs");
export const sign = unary("sign");
export const square = unary("square");
export const reciprocal = unary("reciprocal");
/** max(x, 0); the gradient at 0 is taken as 0. */
export const relu = unary("relu");
/** x Φ(x) with the exact error function. */
export const gelu = unary("gelu");
/** x σ(1.702 x), CLIP's activation. */
export const quickGelu = unary("quickGelu");
export const not = unary("not");
/** The same value, through which no gradient flows. */
export const stopGradient = unary("stopGradient");

export const add = binary("add");
export const sub = binary("sub");
export const mul = binary("mul");
export const div = binary("div");
/**
 * a ** b; only a positive base has a gradient with respect to the exponent. On WebGPU, whose
 * kernel fails, it is exp(b log a) and the base must be positive.
 */
export const pow = binary("pow");
/** Where both are equal the gradient is shared half and half, as PyTorch does. */
export const min = binary("min");
/** Where both are equal the gradient is shared half and half, as PyTorch does. */
export const max = binary("max");
export const less = binary("less");
export const lessOrEqual = binary("lessOrEqual");
export const equal = binary("equal");

export const greater = (a: Operand, b: Operand): Value => less(b, a);
export const greaterOrEqual = (a: Operand, b: Operand): Value => lessOrEqual(b, a);

export function and(a: Value, b: Value): Value {
  return build("and", [a, b], {});
}

export function or(a: Value, b: Value): Value {
  return build("or", [a, b], {});
}

/** `a` where the condition holds, else `b`, with broadcasting. */
export function where(condition: Value, a: Operand, b: Operand): Value {
  const like = typeof a === "number" ? b : a;
  if (typeof like === "number") return build("where", [condition, scalar(a), scalar(b)], {});
  return build("where", [condition, asValue(a, like), asValue(b, like)], {});
}

/**
 * `value`, behind which the gradient does not follow the graph: `rule` gets dL/dvalue and
 * says what flows into each of `sources`.
 */
export function withGradient(value: Value, sources: readonly Value[], rule: GradientRule): Value {
  return build("withGradient", [stopGradient(value), ...sources], { rule });
}

export function cast(x: Value, to: DType): Value {
  return x.dtype === to ? x : build("cast", [x], { to });
}

/** Sum of one or more values. */
export function addAll(values: readonly Value[]): Value {
  const [first, ...rest] = values;
  if (first === undefined) throw new RangeError("Expected at least one value to add, got none.");
  return rest.reduce((sum, value) => add(sum, value), first);
}
