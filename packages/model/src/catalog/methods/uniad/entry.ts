import type { HostEntry } from "../../host-entry.ts";
import { uniadCost, uniadTokens } from "./cost.ts";
import { UNIAD_PRESETS, UniadSettings } from "./settings.ts";
import { UNIAD_WORDS } from "./words.ts";

/** UniAD in the catalogue. */
export const UNIAD_ENTRY = {
  name: "uniad",
  title: "UniAD",
  summary:
    "A transformer with learned queries rebuilds the encoder's features without looking at a " +
    "token's neighbourhood, so an anomaly cannot be copied.",
  kind: "gradient",
  words: UNIAD_WORDS,
  settings: UniadSettings,
  presets: UNIAD_PRESETS,
  defaults: { steps: 400, batch: 4 },
  note: () => null,
  cost: (settings, encoder) => uniadCost(UniadSettings.parse(settings), encoder),
  tokens: (settings, encoder) => uniadTokens(UniadSettings.parse(settings), encoder),
} as const satisfies HostEntry;
