import {
  gelu,
  inScope,
  layerNorm,
  linear,
  matMul,
  mul,
  add,
  random,
  reshape,
  softmax,
  transpose,
  type Value,
} from "../graph/index.ts";
import { onesInit, type Parameters, truncatedNormal, zerosInit } from "./parameters.ts";

/** x [..., in] → [..., width] with weight [in, width] and a bias. */
export function linearLayer(p: Parameters, x: Value, width: number): Value {
  const weight = p.get("weight", [x.shape.at(-1) ?? 1, width], truncatedNormal(0.02));
  return linear(x, weight, p.get("bias", [width], zerosInit));
}

export function layerNormLayer(p: Parameters, x: Value, epsilon = 1e-5): Value {
  const width = x.shape.at(-1) ?? 1;
  const scale = p.get("scale", [width], onesInit);
  return layerNorm(x, { scale, bias: p.get("bias", [width], zerosInit) }, epsilon);
}

export type AttentionOptions = {
  readonly heads: number;
  /** Added to the scores before the softmax, broadcast to [n, heads, tokens, tokens]. */
  readonly mask?: Value;
};

/** Multi-head softmax self-attention over x [n, tokens, width] (Vaswani et al. 2017). */
export function attention(p: Parameters, x: Value, { heads, mask }: AttentionOptions): Value {
  const [n = 1, tokens = 1, width = 1] = x.shape;
  const depth = width / heads;
  if (!Number.isInteger(depth)) {
    throw new RangeError(`A width of ${width} does not divide into ${heads} heads.`);
  }
  const byHead = (name: string): Value => {
    const projected = reshape(linearLayer(p.scope(name), x, width), [n, tokens, heads, depth]);
    return transpose(projected, [0, 2, 1, 3]);
  };
  const query = mul(byHead("query"), 1 / Math.sqrt(depth));
  const scores = matMul(query, byHead("key"), { transposeB: true });
  const weights = softmax(mask === undefined ? scores : add(scores, mask));
  const mixed = transpose(matMul(weights, byHead("value")), [0, 2, 1, 3]);
  return linearLayer(p.scope("output"), reshape(mixed, [n, tokens, width]), width);
}

export type BlockOptions = AttentionOptions & {
  /** Width of the hidden layer over the block's width; 4 when not given. */
  readonly ratio?: number;
  readonly activation?: (x: Value) => Value;
  readonly epsilon?: number;
};

/** Pre-norm transformer block: x + attention(norm(x)), then x + mlp(norm(x)); x [n, tokens, width]. */
export function transformerBlock(p: Parameters, x: Value, options: BlockOptions): Value {
  const width = x.shape.at(-1) ?? 1;
  const activation = options.activation ?? gelu;
  const attended = inScope("attention", () =>
    add(
      x,
      attention(
        p.scope("attention"),
        layerNormLayer(p.scope("norm1"), x, options.epsilon),
        options,
      ),
    ),
  );
  return inScope("mlp", () => {
    const normal = layerNormLayer(p.scope("norm2"), attended, options.epsilon);
    const hidden = activation(linearLayer(p.scope("mlp/in"), normal, width * (options.ratio ?? 4)));
    return add(attended, linearLayer(p.scope("mlp/out"), hidden, width));
  });
}

/**
 * Inverted dropout: each element is kept with probability 1 − rate and scaled by its
 * inverse. `name` makes the samples; a model for inference leaves the call out.
 */
export function dropout(name: string, x: Value, rate: number): Value {
  return rate === 0 ? x : mul(x, random(name, x.shape, { kind: "dropout", keep: 1 - rate }));
}
