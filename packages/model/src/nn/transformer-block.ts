import { add, gelu, inScope, reshape, type Value } from "../graph/index.ts";
import { attention, type AttentionOptions } from "./attention.ts";
import { layerNormLayer, linearLayer } from "./layers.ts";
import type { Parameters } from "./parameters.ts";

export type BlockOptions = Pick<AttentionOptions, "heads" | "mask"> & {
  /** Width of the hidden layer over the block's width; 4 when not given. */
  readonly ratio?: number;
  readonly activation?: (x: Value) => Value;
  readonly epsilon?: number;
};

/**
 * Pre-norm transformer block: x + attention(norm(x)), then x + mlp(norm(x)); x [n, tokens, width].
 * Inside it tokens are rows [n · tokens, width], which the linear layers take as they are.
 */
export function transformerBlock(p: Parameters, x: Value, options: BlockOptions): Value {
  const [n = 1, , width = 1] = x.shape;
  const { activation = gelu, ratio = 4, epsilon } = options;
  const start = reshape(x, [-1, width]);
  const attended = inScope("attention", () => {
    const normal = layerNormLayer(p.scope("norm1"), start, epsilon);
    const self = { query: normal, key: normal, value: normal };
    return add(start, attention(p.scope("attention"), self, { ...options, n }));
  });
  return inScope("mlp", () => {
    const normal = layerNormLayer(p.scope("norm2"), attended, epsilon);
    const hidden = activation(linearLayer(p.scope("mlp/in"), normal, width * ratio));
    return reshape(add(attended, linearLayer(p.scope("mlp/out"), hidden, width)), x.shape);
  });
}
