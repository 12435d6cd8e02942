import type { EncoderCost, MethodCost } from "../../method-entry.ts";

/** The shape of a fusion with transformer blocks and one head a layer. */
export type DecoderShape = {
  readonly width: number;
  readonly blocks: number;
  readonly mlpRatio: number;
};

/** A backward pass costs twice its forward pass. */
const FORWARD_AND_BACKWARD = 3;

/**
 * What a decoder of pre-norm transformer blocks costs to train: the linear maps of fusion, blocks
 * and heads, and the attention products.
 */
export function decoderCost(
  { width, blocks, mlpRatio }: DecoderShape,
  { gridSize, layers }: EncoderCost,
): MethodCost {
  const tokens = gridSize ** 2;
  const channels = layers.reduce((sum, layer) => sum + layer.channels, 0);
  const parameters = blocks * (4 + 2 * mlpRatio) * width ** 2 + 2 * channels * width;
  const forward = tokens * parameters + blocks * 2 * tokens ** 2 * width;
  const heads = width / 64;
  const perToken = blocks * ((10 + 4 * mlpRatio) * width + 4 * heads * tokens) + 6 * channels;
  return {
    parameters,
    trainingMacs: FORWARD_AND_BACKWARD * forward,
    activations: tokens * perToken,
  };
}
