import type { MethodEntry } from "../../method-entry.ts";
import { bankCost } from "./cost.ts";
import { BankSettings } from "./settings.ts";
import { BANK_WORDS } from "./words.ts";

/** Rounds into which the choice is cut: one progress message each. */
const ROUNDS = 20;

/** The patch memory bank in the catalogue. */
export const BANK_ENTRY = {
  name: "bank",
  title: "Patch memory bank",
  summary:
    "Remembers patches of normal images and measures how far a new image's patches are from the " +
    "nearest; nothing is trained, so it is there in the time of one encoder pass.",
  kind: "memory",
  words: BANK_WORDS,
  settings: BankSettings,
  presets: {
    fast: {
      title: "Fast",
      summary: "The measured defaults: a tenth of the patches, chosen to cover the others.",
      settings: {},
      run: { steps: ROUNDS, batch: 1 },
    },
    paper: {
      title: "As published",
      summary:
        "PatchCore with a tenth of the patches: the two deeper layers as they are, every patch " +
        "to the picture's edge, the image's score weighed by nine neighbours.",
      settings: {
        joined: "2+3",
        neighbourhood: 3,
        border: "clip",
        scaling: "none",
        share: 0.1,
        largestBank: 4_000_000,
        smoothing: 4,
        imageScore: "max",
        scoring: "raw",
        reweighting: 9,
      },
      run: { steps: ROUNDS, batch: 1 },
    },
  },
  defaults: { steps: ROUNDS, batch: 1 },
  note: () => null,
  cost: (settings, encoder) => bankCost(BankSettings.parse(settings), encoder),
} as const satisfies MethodEntry;
