import { withPluginCost } from "./decad-cost.ts";
import type { EncoderCost, MethodCost, MethodEntry } from "./method-entry.ts";
import { UNIAD_PRESETS, UniadSettings } from "./uniad-settings.ts";

function cost(settings: UniadSettings, { gridSize }: EncoderCost): MethodCost {
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
  const host = {
    parameters: weights + decoderLayers * tokens * width,
    trainingMacs: 3 * forward,
    activations: tokens * (perToken + 4 * features),
  };
  return withPluginCost(host, settings, { width: features, tokens });
}

/** UniAD in the catalogue. */
export const UNIAD_ENTRY = {
  name: "uniad",
  title: "UniAD",
  summary:
    "A transformer with learned queries rebuilds the encoder's features without looking at a " +
    "token's neighbourhood, so an anomaly cannot be copied.",
  settings: UniadSettings,
  presets: UNIAD_PRESETS,
  defaults: { steps: 400, batch: 4 },
  note: () => null,
  cost: (settings, encoder) => cost(UniadSettings.parse(settings), encoder),
} as const satisfies MethodEntry;
