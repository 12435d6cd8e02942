import type { HostEntry } from "../../host-entry.ts";
import { rdCost, rdTokens } from "./cost.ts";
import { RdSettings } from "./settings.ts";
import { RD_WORDS } from "./words.ts";

/** Reverse distillation in the catalogue. */
export const RD_ENTRY = {
  name: "rd",
  title: "Reverse distillation",
  summary:
    "A decoder learns to rebuild the features of a frozen encoder on normal images; where it " +
    "fails on a new image, that image is unusual.",
  kind: "gradient",
  words: RD_WORDS,
  settings: RdSettings,
  presets: {
    fast: {
      title: "Fast",
      summary: "The measured defaults: minutes on two CPU cores.",
      settings: {},
      run: { steps: 400, batch: 4 },
    },
    paper: {
      title: "As published",
      summary:
        "Row i of CNC's ablation with its training: whole-map cosine, width 768, 250 epochs of " +
        "batches of 8. For a GPU.",
      settings: {
        width: 768,
        loss: "map-cosine",
        imageScore: "max",
        scoring: "raw",
        smoothing: 4,
        weightDecay: 0,
        warmupShare: 0,
      },
      run: { epochs: 250, batch: 8 },
    },
  },
  defaults: { steps: 400, batch: 4 },
  note: () => null,
  cost: (settings, encoder) => rdCost(RdSettings.parse(settings), encoder),
  tokens: (settings, encoder) => rdTokens(RdSettings.parse(settings), encoder),
} as const satisfies HostEntry;
