import type { OpKind, Value } from "../graph/index.ts";

/**
 * Given dL/dy, the gradient of every operand; null where none flows.
 *
 * `dy` has the rank of y. Of the kinds in `TAKES_BROADCAST` (`vjp-rules.ts`) it may have extent 1 along axes
 * on which it is constant, all others get it in full; a rule may return such a gradient too.
 */
export type VjpRule<K extends OpKind> = (node: Value<K>, dy: Value) => readonly (Value | null)[];
