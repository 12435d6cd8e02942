import type { Value } from "./value.ts";
import { topologicalOrder } from "./walk.ts";

/**
 * The outputs of the same graph with some of its leaves read from elsewhere. What does not depend
 * on such a leaf stays the very same value.
 *
 * @param instead for a leaf the value, of the same shape and type, that takes its place
 */
export function substitute(
  outputs: Readonly<Record<string, Value>>,
  instead: ReadonlyMap<Value, Value>,
): Record<string, Value> {
  const replaced = new Map(instead);
  const now = (value: Value): Value => replaced.get(value) ?? value;
  for (const value of topologicalOrder(Object.values(outputs))) {
    if (value.inputs.every((operand) => now(operand) === operand)) continue;
    replaced.set(value, { ...value, inputs: value.inputs.map(now) });
  }
  return Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, now(value)]));
}
