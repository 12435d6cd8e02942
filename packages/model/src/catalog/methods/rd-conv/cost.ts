import type { HostTokens } from "../../host-entry.ts";
import type { EncoderCost, MethodCost } from "../../method-entry.ts";
import type { RdConvSettings } from "./settings.ts";

/** Weights of a 3 × 3 convolution. */
const KERNEL = 9;

export function rdConvCost(
  settings: RdConvSettings,
  { gridSize, layers }: EncoderCost,
): MethodCost {
  const { width } = settings;
  const tokens = gridSize ** 2;
  const inner = Math.ceil(gridSize / 2) ** 2;
  const channels = layers.reduce((sum, layer) => sum + layer.channels, 0);
  const square = KERNEL * width ** 2;
  // On the grid: joining, two decoder blocks, heads. On the half grid: embedding, one block.
  const onGrid = 2 * channels * width + 4 * square;
  const onHalf = 4 * square + width ** 2;
  return {
    parameters: onGrid + onHalf,
    trainingMacs: 3 * (tokens * onGrid + inner * onHalf),
    activations: tokens * (6 * channels + 24 * width) + inner * 24 * width,
  };
}

/** The embedding, on half the grid. */
export function rdConvTokens({ width }: RdConvSettings, { gridSize }: EncoderCost): HostTokens {
  return { width, tokens: Math.ceil(gridSize / 2) ** 2 };
}
