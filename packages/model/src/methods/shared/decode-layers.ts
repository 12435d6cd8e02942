import { inScope, type Value } from "../../graph/index.ts";
import { linearLayer, type Parameters, transformerBlock } from "../../nn/index.ts";

/** Channels of one attention head. */
const HEAD_WIDTH = 64;

export type LayerDecoder = {
  /** Channels of each layer to rebuild, shallow to deep. */
  readonly channels: readonly number[];
  /** Hidden width of a block's MLP over its width. */
  readonly mlpRatio: number;
  /** The blocks' activation; GELU when not given. */
  readonly activation?: (x: Value) => Value;
  /** Linear heads behind all blocks, or only where a layer's width is not the decoder's. */
  readonly heads?: "linear" | "none";
};

/**
 * Reconstructions of every layer, shallow to deep, each [batch, tokens, channels].
 *
 * Pre-norm ViT blocks in series, reversed as in reverse distillation (Deng & Li 2022): the first
 * block rebuilds the deepest layer. Each layer has its own linear head, because the layers of a
 * convolutional encoder differ in width.
 *
 * @param fused [batch, tokens, width], the width a multiple of 64
 */
export function decodeLayers(p: Parameters, fused: Value, decoder: LayerDecoder): Value[] {
  const { channels, mlpRatio: ratio, activation, heads = "linear" } = decoder;
  const width = fused.shape.at(-1) ?? 1;
  const options = { heads: width / HEAD_WIDTH, ratio, ...(activation && { activation }) };
  let x = fused;
  const rebuilt: Value[] = [];
  for (const [index, wanted] of [...channels.entries()].reverse()) {
    x = inScope(`block${index}`, () => transformerBlock(p.scope(`block${index}`), x, options));
    const isPlain = heads === "none" && wanted === width;
    rebuilt.unshift(isPlain ? x : linearLayer(p.scope(`head${index}`), x, wanted));
  }
  return rebuilt;
}
