import { add, atSite, constant, topologicalOrder, type Value } from "../graph/index.ts";
import { filled, formatShape, isFloat, sizeOf } from "../tensor/index.ts";
import { fullGradient } from "./reduce-gradient.ts";
import { applyRule } from "./vjp-rules.ts";

/**
 * dL/dx for every x of `sources`, each a value of the shape of its source.
 *
 * Reverse mode over the part of the graph between `loss` and the sources. The gradients
 * count as built by the line that built the forward value.
 *
 * @param loss one element
 * @throws Error when a source has no influence on the loss
 */
export function gradients(loss: Value, sources: readonly Value[]): Value[] {
  if (sizeOf(loss.shape) !== 1) {
    throw new Error(
      `Gradients start from a loss of one element, got ${formatShape(loss.shape)} ` +
        `from ${loss.site.describe()}. Reduce it first.`,
    );
  }
  const order = topologicalOrder([loss]);
  const relevant = influencedBy(order, sources);
  const sums = new Map<Value, Value>([[loss, constant(filled(loss.shape, 1, loss.dtype))]]);
  for (const node of order.reverse()) {
    const dy = sums.get(node);
    if (dy === undefined || !relevant.has(node)) continue;
    const flows = atSite(node.site, () => applyRule(node, dy));
    for (const [index, operand] of node.inputs.entries()) {
      const flow = flows[index];
      if (flow === null || flow === undefined || !relevant.has(operand)) continue;
      const sum = sums.get(operand);
      sums.set(operand, sum === undefined ? flow : atSite(node.site, () => add(sum, flow)));
    }
  }
  return sources.map((source) => {
    const gradient = sums.get(source);
    if (gradient === undefined) throw new Error(describeUnused(source));
    return atSite(source.site, () => fullGradient(gradient, source.shape));
  });
}

/** The values of `order` through which a source reaches the loss. */
function influencedBy(order: readonly Value[], sources: readonly Value[]): Set<Value> {
  const relevant = new Set<Value>(sources);
  for (const node of order) {
    const isReached = node.inputs.some((operand) => relevant.has(operand));
    if (isReached && isFloat(node.dtype) && node.kind !== "stopGradient") relevant.add(node);
  }
  return relevant;
}

function describeUnused(source: Value): string {
  const name = "name" in source.attrs ? `"${String(source.attrs.name)}"` : `a ${source.kind}`;
  return (
    `No gradient reaches ${name} from ${source.site.describe()}: ` +
    `the loss does not depend on it. Leave it out of the trained parameters.`
  );
}
