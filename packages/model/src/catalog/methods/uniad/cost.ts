import type { HostTokens } from "../../host-entry.ts";
import type { EncoderCost, MethodCost } from "../../method-entry.ts";
import type { UniadSettings } from "./settings.ts";

export function uniadCost(settings: UniadSettings, { gridSize }: EncoderCost): MethodCost {
  const { width, features, heads, encoderLayers, decoderLayers, mlpRatio } = settings;
  const tokens = gridSize ** 2;
  // A decoder layer attends twice.
  const attentions = encoderLayers + 2 * decoderLayers;
  const layers = encoderLayers + decoderLayers;
  const weights =
    attentions * 4 * width ** 2 + layers * 2 * mlpRatio * width ** 2 + 2 * features * width;
  const forward = tokens * weights + attentions * 2 * tokens ** 2 * width;
  const perToken =
    attentions * (8 * width + 3 * heads * tokens) + layers * (4 + 3 * mlpRatio) * width;
  return {
    parameters: weights + decoderLayers * tokens * width,
    trainingMacs: 3 * forward,
    activations: tokens * (perToken + 4 * features),
  };
}

/** The aligned features. */
export function uniadTokens({ features }: UniadSettings, { gridSize }: EncoderCost): HostTokens {
  return { width: features, tokens: gridSize ** 2 };
}
