import type { DType, Shape, Tensor } from "../tensor/index.ts";
import type { OpAttributes, OpKind } from "./operations.ts";

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

export type ParameterAttributes = { readonly name: string; readonly initial: Tensor };
