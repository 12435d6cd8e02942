import type { MethodEntry } from "../../method-entry.ts";
import { decadCost } from "./cost.ts";
import { DECAD_PRESETS, DecadSettings } from "./settings.ts";
import { DECAD_WORDS } from "./words.ts";

/** DecAD in the catalogue. */
export const DECAD_ENTRY = {
  name: "decad",
  title: "DecAD",
  summary:
    "An invertible network takes the abnormal part out of every token before a decoder rebuilds " +
    "it; synthetic anomalies teach it what is abnormal.",
  kind: "gradient",
  words: DECAD_WORDS,
  settings: DecadSettings,
  presets: DECAD_PRESETS,
  defaults: { steps: 400, batch: 4 },
  note: ({ kind, name }) =>
    kind === "conv"
      ? `${name} is a convolutional network: DecAD reads its three stages in place of the blocks ` +
        "of a vision transformer."
      : null,
  cost: (settings, encoder) => decadCost(DecadSettings.parse(settings), encoder),
} as const satisfies MethodEntry;
