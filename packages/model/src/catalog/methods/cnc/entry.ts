import type { MethodEntry } from "../../method-entry.ts";
import { cncCost } from "./cost.ts";
import { CNC_PRESETS, CncSettings } from "./settings.ts";
import { CNC_WORDS } from "./words.ts";

/** CNC in the catalogue. */
export const CNC_ENTRY = {
  name: "cnc",
  title: "CNC",
  summary:
    "Reverse distillation that is held to learned normal prompts or anchors, with experts between " +
    "fusion and decoder; for many products in one model.",
  kind: "gradient",
  words: CNC_WORDS,
  settings: CncSettings,
  presets: CNC_PRESETS,
  defaults: { steps: 400, batch: 4 },
  note: ({ name, text }) =>
    text === null
      ? `${name} has no text tower: CNC learns free anchors in place of text vectors, one pair ` +
        "for each layer in that layer's own space."
      : null,
  cost: (settings, encoder) => cncCost(CncSettings.parse(settings), encoder),
} as const satisfies MethodEntry;
