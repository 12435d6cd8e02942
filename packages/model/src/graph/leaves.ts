import {
  type Distribution,
  type DType,
  filled,
  float32,
  type Shape,
  type Tensor,
} from "../tensor/index.ts";
import { build } from "./build.ts";
import type { Parameter, Value } from "./value.ts";

/** A number where a value is expected becomes a scalar constant of the other operand's type. */
export type Operand = Value | number;

/** An array that the caller feeds at every run. */
export function input(name: string, shape: Shape, dtype: DType = "float32"): Value<"input"> {
  return build("input", [], { name, shape: [...shape], dtype });
}

/**
 * A weight. In a training graph it is state that the optimiser updates; in an
 * exported model it is an initialiser. Names are unique in a graph.
 */
export function parameter(name: string, initial: Tensor): Parameter {
  return build("parameter", [], { name, initial });
}

export function constant(tensor: Tensor): Value<"constant"> {
  return build("constant", [], { tensor });
}

/** A float32 constant from numbers; a scalar when no shape is given. */
export function constantOf(values: number | ArrayLike<number>, shape?: Shape): Value<"constant"> {
  if (typeof values === "number") return constant(filled(shape ?? [], values));
  return constant(float32(shape ?? [values.length], values));
}

/**
 * Fresh samples at every training step, determined by (seed of the run, step, name).
 *
 * They are made outside the graph and fed, because ONNX's random nodes keep
 * hidden state: a resumed run would not repeat the one that was stopped.
 */
export function random(name: string, shape: Shape, distribution: Distribution): Value<"random"> {
  return build("random", [], { name, shape: [...shape], distribution });
}

/** The value itself, or a scalar constant of the type of `like`. */
export function asValue(operand: Operand, like: Value): Value {
  return typeof operand === "number" ? constant(filled([], operand, like.dtype)) : operand;
}
