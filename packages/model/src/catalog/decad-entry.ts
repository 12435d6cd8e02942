import { withPluginCost } from "./decad-cost.ts";
import { DECAD_PRESETS, DecadSettings } from "./decad-settings.ts";
import { decoderCost } from "./decoder-cost.ts";
import type { EncoderCost, MethodCost, MethodEntry } from "./method-entry.ts";

function cost(settings: DecadSettings, encoder: EncoderCost): MethodCost {
  const { width, mlpRatio } = settings;
  const decoder = decoderCost({ width, mlpRatio, blocks: 3 }, encoder);
  const tokens = encoder.gridSize ** 2;
  return withPluginCost(decoder, { plugin: "decad", decad: settings }, { width, tokens });
}

/** DecAD in the catalogue. */
export const DECAD_ENTRY = {
  name: "decad",
  title: "DecAD",
  summary:
    "An invertible network takes the abnormal part out of every token before a decoder rebuilds " +
    "it; synthetic anomalies teach it what is abnormal.",
  settings: DecadSettings,
  presets: DECAD_PRESETS,
  defaults: { steps: 400, batch: 4 },
  note: ({ kind, name }) =>
    kind === "conv"
      ? `${name} is a convolutional network: DecAD reads its three stages in place of the blocks ` +
        "of a vision transformer."
      : null,
  cost: (settings, encoder) => cost(DecadSettings.parse(settings), encoder),
} as const satisfies MethodEntry;
