import type { MethodWords } from "../../method-words.ts";

/** A bank takes rounds and loses nothing: "loss" and "step" would mislead. */
export const BANK_WORDS: MethodWords = {
  step: "Round",
  steps: "Rounds",
  curve: "Covering radius",
  curveNote: "from the farthest patch to the bank, by round",
  hasBatch: false,
  gauges: {},
};
