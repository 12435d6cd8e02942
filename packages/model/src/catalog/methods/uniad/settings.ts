import { z } from "zod";

import { OPTIMISER_SETTINGS, SCORE_SETTINGS } from "../shared/shared-settings.ts";

/** Settings of UniAD (You et al. 2022). */
export const UniadSettings = z.strictObject({
  features: z
    .int()
    .min(16)
    .max(2304)
    .default(192)
    .describe("Channels to which the joined layers are projected, on their principal axes."),
  width: z
    .int()
    .min(32)
    .max(1536)
    .multipleOf(32)
    .default(192)
    .describe("Channels of the transformer."),
  heads: z.int().min(1).max(32).default(6).describe("Attention heads; they divide the width."),
  encoderLayers: z.int().min(1).max(12).default(2).describe("Layers of the encoder."),
  decoderLayers: z.int().min(1).max(12).default(2).describe("Layers of the query decoder."),
  mlpRatio: z.number().min(1).max(8).default(4).describe("Hidden width of a layer's MLP / width."),
  neighbours: z
    .int()
    .min(0)
    .max(31)
    .default(7)
    .describe("Side of the square around a token that it may not look at; 0 hides nothing."),
  jitter: z
    .number()
    .min(0)
    .max(40)
    .default(20)
    .describe("Scale of the normal noise on the features; the plug-in takes its place."),
  dropout: z
    .number()
    .min(0)
    .max(0.9)
    .default(0.1)
    .describe("Share dropped behind attention and MLP."),
  ...OPTIMISER_SETTINGS,
  ...SCORE_SETTINGS,
});
export type UniadSettings = z.infer<typeof UniadSettings>;

export const UNIAD_PRESETS = {
  fast: {
    title: "Fast",
    summary: "Two layers each, minutes on two CPU cores.",
    settings: {},
    run: { steps: 400, batch: 4 },
  },
  paper: {
    title: "As published",
    summary: "Four layers each, width 256, 1,000 epochs of batches of 64. For a GPU.",
    settings: {
      features: 272,
      width: 256,
      heads: 8,
      encoderLayers: 4,
      decoderLayers: 4,
      learningRate: 4e-4,
      clipNorm: 0.1,
      smoothing: 4,
      imageScore: "max",
      scoring: "raw",
    },
    run: { epochs: 1000, batch: 64 },
  },
} as const;
