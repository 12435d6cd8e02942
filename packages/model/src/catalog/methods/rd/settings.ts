import { z } from "zod";

import { LOSS_SETTINGS, OPTIMISER_SETTINGS, SCORE_SETTINGS } from "../shared/shared-settings.ts";

/**
 * Settings of reverse distillation.
 *
 * The defaults are the ones that `docs/methods/rd.md` measures; every description is a sentence
 * that a form can show.
 */
export const RdSettings = z.strictObject({
  width: z
    .int()
    .min(64)
    .max(1536)
    .multipleOf(64)
    .default(384)
    .describe("Channels of the fused tokens and the decoder; heads are width / 64."),
  blocks: z
    .literal(3)
    .default(3)
    .describe("Decoder blocks, one for each distilled layer, deepest layer first."),
  mlpRatio: z.number().min(1).max(8).default(4).describe("Hidden width of a block's MLP / width."),
  dropout: z.number().min(0).max(0.9).default(0.1).describe("Share of fused channels dropped."),
  noise: z
    .number()
    .min(0)
    .max(20)
    .default(0.3)
    .describe("Half-width of the uniform noise on the standardised encoder features."),
  ...LOSS_SETTINGS,
  ...OPTIMISER_SETTINGS,
  ...SCORE_SETTINGS,
});
export type RdSettings = z.infer<typeof RdSettings>;
