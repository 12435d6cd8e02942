import type { EncoderCost, MethodCost } from "../../method-entry.ts";
import { decoderCost } from "../shared/decoder-cost.ts";
import type { CncSettings } from "./settings.ts";

/** Learnable word vectors of a prompt, and prompts: a normal and an abnormal one a layer. */
const PROMPT_TOKENS = 12;
const PROMPTS = 6;
/** Begin, phrase and end of the longest prompt. */
const OTHER_TOKENS = 5;
/** The text tower runs once a step: its time is shared by a batch of this many images. */
const USUAL_BATCH = 4;
/** Depth of CLIP's text tower. */
const TEXT_BLOCKS = 12;

type Encoder = EncoderCost & { readonly text?: { readonly width: number } | null };

/**
 * The decoder's cost with one more token, the experts, and the text tower over six prompts, whose
 * weights are frozen and whose activations are kept for the gradient of the prompts.
 */
export function cncCost(settings: CncSettings, encoder: Encoder): MethodCost {
  const { width, experts, expertRatio, moe } = settings;
  const base = decoderCost({ ...settings, blocks: 3 }, encoder);
  const tokens = encoder.gridSize ** 2 + 1;
  const hidden = experts * Math.round(width * expertRatio);
  const mixture = moe ? 2 * width * hidden + width * experts : 0;
  const text = textCost(settings, encoder);
  return {
    parameters: base.parameters + mixture + text.parameters,
    trainingMacs: base.trainingMacs + 3 * tokens * mixture + text.trainingMacs,
    activations: base.activations + (moe ? tokens * (4 * hidden + 2 * width) : 0),
    otherBytes: text.otherBytes,
  };
}

type TextCost = Required<Omit<MethodCost, "wholeRunMacs">>;

const NO_TEXT: TextCost = { parameters: 0, trainingMacs: 0, activations: 0, otherBytes: 0 };

/** The text tower's part; CLIP's towers are as wide as the space that they share with pictures. */
function textCost(settings: CncSettings, { text, layers }: Encoder): TextCost {
  const { anchors, constraint, promotion } = settings;
  const width = text?.width ?? 0;
  const isUsed = anchors === "text" && layers.every(({ channels }) => channels === width);
  if (!isUsed || !(constraint || promotion)) return NO_TEXT;
  const tokens = PROMPTS * (PROMPT_TOKENS + OTHER_TOKENS);
  const weights = TEXT_BLOCKS * 12 * width ** 2;
  const kept = tokens * TEXT_BLOCKS * 26 * width;
  return {
    parameters: PROMPTS * PROMPT_TOKENS * width,
    // Forward, and backward without the weights' gradients; a step's cost shared by its batch.
    trainingMacs: (2 * tokens * weights) / USUAL_BATCH,
    activations: 0,
    otherBytes: 4 * (weights + kept),
  };
}
