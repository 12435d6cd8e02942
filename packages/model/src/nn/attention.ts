import { add, matMul, mul, reshape, softmax, transpose, type Value } from "../graph/index.ts";
import { linearLayer } from "./layers.ts";
import type { Parameters } from "./parameters.ts";

/** What is asked for, by what it is found, and what is then read; each [n, tokens, width] or its rows. */
export type Attended = { readonly query: Value; readonly key: Value; readonly value: Value };

export type AttentionOptions = {
  /** Pictures or texts, each of which attends to itself alone. */
  readonly n: number;
  readonly heads: number;
  /** Added to the scores before the softmax, [tokens, tokens]. */
  readonly mask?: Value;
};

/**
 * Multi-head softmax attention (Vaswani et al. 2017), as rows [n · tokens, width].
 *
 * For one picture there is no axis for it: then ONNX Runtime's products read the heads where the
 * linear layers have put them, and nothing is moved in memory.
 */
export function attention(p: Parameters, attended: Attended, options: AttentionOptions): Value {
  const { n, heads, mask } = options;
  const width = attended.query.shape.at(-1) ?? 1;
  const depth = width / heads;
  if (!Number.isInteger(depth)) {
    throw new RangeError(`A width of ${width} does not divide into ${heads} heads.`);
  }
  const swapped = n === 1 ? [1, 0, 2] : [0, 2, 1, 3];
  const byHead = (name: keyof Attended): Value => {
    const projected = linearLayer(p.scope(name), attended[name], width);
    return transpose(reshape(projected, [...(n === 1 ? [] : [n]), -1, heads, depth]), swapped);
  };
  const query = mul(byHead("query"), 1 / Math.sqrt(depth));
  const scores = matMul(query, byHead("key"), { transposeB: true });
  const weights = softmax(mask === undefined ? scores : add(scores, mask));
  const mixed = transpose(matMul(weights, byHead("value")), swapped);
  return linearLayer(p.scope("output"), reshape(mixed, [-1, width]), width);
}
