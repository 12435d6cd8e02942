import { z } from "zod";

import { LOSS_SETTINGS, SCORE_SETTINGS } from "../shared/shared-settings.ts";
import { DecadModuleSettings } from "./module-settings.ts";

/**
 * Settings of DecAD.
 *
 * The defaults are the `fast` preset, which `docs/methods/decad.md` measures: loss, learning rate,
 * noise and score are those of reverse distillation, so that both can be compared at equal ones.
 */
export const DecadSettings = z.strictObject({
  ...DecadModuleSettings.shape,
  layers: z
    .string()
    .regex(/^(encoder|\d+,\d+,\d+)$/, 'Expected three blocks such as 3,6,9, or "encoder".')
    .default("encoder")
    .describe("Blocks of a vision transformer, counted from 1; encoder takes its own."),
  inputSize: z
    .int()
    .min(0)
    .max(1024)
    .default(0)
    .describe("Side of the encoder's input in pixels; 0 takes its own."),
  fusion: z
    .enum(["linear", "pca", "pca-start"])
    .default("pca")
    .describe("Joined layers to tokens: a trained map, principal axes, or trained from there."),
  width: z
    .int()
    .min(64)
    .max(1536)
    .multipleOf(64)
    .default(384)
    .describe("Channels of the tokens, the invertible network and the decoder."),
  mlpRatio: z.number().min(1).max(8).default(4).describe("Hidden width of a block's MLP / width."),
  dropout: z
    .number()
    .min(0)
    .max(0.9)
    .default(0.1)
    .describe("Share of the channels dropped in front of the decoder."),
  noise: z
    .number()
    .min(0)
    .max(20)
    .default(0.3)
    .describe("Half-width of the uniform noise on the standardised encoder features."),
  ...LOSS_SETTINGS,
  learningRate: z.number().positive().max(0.1).default(1e-3).describe("Peak of the schedule."),
  finalRateShare: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe("Learning rate at the end over its peak."),
  warmupShare: z
    .number()
    .min(0)
    .max(0.5)
    .default(0.05)
    .describe("Share of the steps that raise the learning rate linearly before the cosine decay."),
  weightDecay: z.number().min(0).max(1).default(1e-4).describe("Decoupled (AdamW) weight decay."),
  clipNorm: z
    .number()
    .positive()
    .max(1e3)
    .default(1)
    .describe("Largest gradient norm of all but the invertible network."),
  ...SCORE_SETTINGS,
});
export type DecadSettings = z.infer<typeof DecadSettings>;

/** All that the supplement states, and the specification's choice where it states nothing. */
const PAPER_SETTINGS = {
  fusion: "linear",
  abnormalWeight: 0,
  inputSize: 224,
  width: 768,
  noise: 0,
  dropout: 0,
  loss: "map-cosine",
  learningRate: 2e-4,
  finalRateShare: 0.1,
  // 100 of 15,000 steps.
  warmupShare: 0.0067,
  iterations: 12,
  adversaryIterations: 12,
  evaluationError: 0,
  initialScale: 1,
  smoothing: 4,
  imageScore: "max",
  scoring: "raw",
} as const satisfies Partial<DecadSettings>;

export const DECAD_PRESETS = {
  fast: {
    title: "Fast",
    summary: "Minutes on a CPU: loss, noise and score of reverse distillation.",
    settings: {},
    run: { steps: 400, batch: 4 },
  },
  paper: {
    title: "As published",
    summary: "15,000 steps of 16 images for DINOv2 ViT-B/14 with blocks 3, 6 and 9 on a GPU.",
    settings: PAPER_SETTINGS,
    run: { steps: 15_000, batch: 16 },
  },
} as const;
