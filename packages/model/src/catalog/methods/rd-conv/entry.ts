import type { HostEntry } from "../../host-entry.ts";
import { rdConvCost, rdConvTokens } from "./cost.ts";
import { RD_CONV_PRESETS, RdConvSettings } from "./settings.ts";
import { RD_CONV_WORDS } from "./words.ts";

/** Reverse distillation with convolutions in the catalogue. */
export const RD_CONV_ENTRY = {
  name: "rd-conv",
  title: "Reverse distillation, convolutional",
  summary:
    "The first form of reverse distillation: a one-class embedding on half the grid and a " +
    "convolutional decoder that rebuilds the encoder's features from it.",
  kind: "gradient",
  words: RD_CONV_WORDS,
  settings: RdConvSettings,
  presets: RD_CONV_PRESETS,
  defaults: { steps: 400, batch: 4 },
  note: () => null,
  cost: (settings, encoder) => rdConvCost(RdConvSettings.parse(settings), encoder),
  tokens: (settings, encoder) => rdConvTokens(RdConvSettings.parse(settings), encoder),
} as const satisfies HostEntry;
