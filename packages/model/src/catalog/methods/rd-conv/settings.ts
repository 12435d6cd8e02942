import { z } from "zod";

import { LOSS_SETTINGS, OPTIMISER_SETTINGS, SCORE_SETTINGS } from "../shared/shared-settings.ts";

/** Settings of reverse distillation with convolutions (RD4AD), on one grid of tokens. */
export const RdConvSettings = z.strictObject({
  width: z
    .int()
    .min(16)
    .max(2048)
    .multipleOf(16)
    .default(128)
    .describe("Channels of the one-class embedding and of the decoder."),
  noise: z
    .number()
    .min(0)
    .max(20)
    .default(0)
    .describe("Half-width of the uniform noise on the standardised encoder features."),
  ...LOSS_SETTINGS,
  ...OPTIMISER_SETTINGS,
  ...SCORE_SETTINGS,
});
export type RdConvSettings = z.infer<typeof RdConvSettings>;

export const RD_CONV_PRESETS = {
  fast: {
    title: "Fast",
    summary: "Minutes on two CPU cores.",
    settings: {},
    run: { steps: 400, batch: 4 },
  },
  paper: {
    title: "As published",
    summary: "Wider, whole-map cosine, 200 epochs of batches of 16. For a GPU.",
    settings: {
      width: 512,
      loss: "map-cosine",
      learningRate: 5e-3,
      weightDecay: 0,
      smoothing: 4,
      imageScore: "max",
      scoring: "raw",
    },
    run: { epochs: 200, batch: 16 },
  },
} as const;
