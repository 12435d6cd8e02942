import { formatShape, ShapeError } from "../tensor/index.ts";
import { signatureRules } from "./signature-rules.ts";
import { currentSite } from "./site.ts";
import type { OpAttributes, OpKind, Value } from "./value.ts";

const scopes: string[] = [];

/** Run `build` with `name` put before the labels of all values that it builds. */
export function inScope<T>(name: string, build: () => T): T {
  scopes.push(name);
  try {
    return build();
  } finally {
    scopes.pop();
  }
}

/**
 * Add one operation to the graph.
 *
 * @throws ShapeError with the line of the model and the shapes that met
 */
export function build<K extends OpKind>(
  kind: K,
  inputs: readonly Value[],
  attrs: OpAttributes[K],
): Value<K> {
  const site = currentSite();
  try {
    const { shape, dtype } = signatureRules[kind](inputs, attrs);
    const label = scopes.length === 0 ? null : scopes.join("/");
    return { kind, inputs, attrs, shape, dtype, label, site };
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    const met = inputs.map((value) => `${value.dtype}${formatShape(value.shape)}`).join(", ");
    const scope = scopes.length === 0 ? "" : ` in ${scopes.join("/")}`;
    throw new ShapeError(`${kind}(${met}) built at ${site.describe()}${scope}: ${error.message}`);
  }
}

/** The same value under a name of the model's choosing, for printing and for the exported node. */
export function named<K extends OpKind>(label: string, value: Value<K>): Value<K> {
  return { ...value, label: [...scopes, label].join("/") };
}
