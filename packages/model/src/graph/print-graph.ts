import { formatShape } from "../tensor/index.ts";
import { topologicalOrder } from "./walk.ts";
import type { Value } from "./value.ts";

/**
 * The graph as text, one value a line, dead values left out:
 *
 *     %7 = matMul(%3, %6) {transposeB: true} : float32[4, 196, 384]  # decoder/query, src/nn/attention.ts:31
 */
export function printGraph(outputs: Readonly<Record<string, Value>>): string {
  const order = topologicalOrder(Object.values(outputs));
  const numbers = new Map(order.map((value, index) => [value, index]));
  const reference = (value: Value): string => `%${numbers.get(value) ?? "?"}`;
  const lines = order.map((value) => {
    const operands = value.inputs.map(reference).join(", ");
    const label = value.label === null ? "" : `${value.label}, `;
    return (
      `${reference(value)} = ${value.kind}(${operands})${formatAttributes(value)}` +
      ` : ${value.dtype}${formatShape(value.shape)}  # ${label}${value.site.describe()}`
    );
  });
  const results = Object.entries(outputs).map(([name, value]) => `${name}: ${reference(value)}`);
  return [...lines, `return { ${results.join(", ")} }`, ""].join("\n");
}

function formatAttributes(value: Value): string {
  const entries = Object.entries(value.attrs).filter(([name]) => name !== "shape");
  if (entries.length === 0) return "";
  const shown = entries.map(([name, attribute]) => `${name}: ${formatAttribute(attribute)}`);
  return ` {${shown.join(", ")}}`;
}

function formatAttribute(attribute: unknown): string {
  if (typeof attribute === "object" && attribute !== null && "data" in attribute) {
    const { data } = attribute as { readonly data: ArrayLike<number | bigint> };
    return data.length <= 4
      ? `[${Array.from(data, String).join(", ")}]`
      : `${data.length} elements`;
  }
  return typeof attribute === "string" ? attribute : JSON.stringify(attribute);
}
