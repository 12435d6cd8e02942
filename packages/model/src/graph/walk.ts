import { isKind, type Value } from "./value.ts";

/**
 * Every value that `outputs` need, each after its inputs. What is not listed is dead.
 * Iterative, since a training graph is deeper than the call stack.
 */
export function topologicalOrder(outputs: readonly Value[]): Value[] {
  const order: Value[] = [];
  const visited = new Set<Value>();
  const stack = [...outputs].reverse().map((value) => ({ value, next: 0 }));
  while (stack.length > 0) {
    const top = stack[stack.length - 1];
    if (top === undefined) break;
    if (top.next === 0 && visited.has(top.value)) {
      stack.pop();
      continue;
    }
    visited.add(top.value);
    const child = top.value.inputs[top.next++];
    if (child === undefined) {
      order.push(top.value);
      stack.pop();
    } else if (!visited.has(child)) {
      stack.push({ value: child, next: 0 });
    }
  }
  return order;
}

export type Leaves = {
  readonly inputs: Value<"input">[];
  readonly parameters: Value<"parameter">[];
  readonly randoms: Value<"random">[];
};

/**
 * The named leaves that `outputs` depend on, in the order in which they are met.
 *
 * @throws Error when two different leaves have one name
 */
export function leavesOf(outputs: readonly Value[]): Leaves {
  const leaves: Leaves = { inputs: [], parameters: [], randoms: [] };
  const byName = new Map<string, Value>();
  for (const value of topologicalOrder(outputs)) {
    if (isKind(value, "input")) leaves.inputs.push(value);
    else if (isKind(value, "parameter")) leaves.parameters.push(value);
    else if (isKind(value, "random")) leaves.randoms.push(value);
    else continue;
    const { name } = value.attrs as { readonly name: string };
    const other = byName.get(name);
    if (other !== undefined) {
      throw new Error(
        `Two leaves are called "${name}": one from ${other.site.describe()}, ` +
          `one from ${value.site.describe()}. Build it once and share it, or rename one.`,
      );
    }
    byName.set(name, value);
  }
  return leaves;
}
