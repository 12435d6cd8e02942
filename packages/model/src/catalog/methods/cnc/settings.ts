import { z } from "zod";

import { LOSS_SETTINGS, SCORE_SETTINGS } from "../shared/shared-settings.ts";

/**
 * Settings of CNC.
 *
 * The defaults are the `fast` preset, which `docs/methods/cnc.md` measures: width, loss, learning
 * rate, noise and score are those of reverse distillation, so that both can be compared at equal
 * ones. The paper's numbers are the `paper` preset.
 */
export const CncSettings = z
  .strictObject({
    fusion: z
      .boolean()
      .default(true)
      .describe("Decode all three layers joined; else the deepest one alone."),
    constraint: z
      .boolean()
      .default(true)
      .describe("Pull the decoder's global features to the normal anchors (CNC eq. 9 and 10)."),
    promotion: z
      .boolean()
      .default(true)
      .describe("Add the normality map to both sides before they are compared (CNC eq. 5 to 8)."),
    moe: z
      .boolean()
      .default(true)
      .describe("Send every fused token through its best experts (CNC eq. 14 and 15)."),

    layers: z
      .string()
      .regex(/^(encoder|\d+,\d+,\d+)$/, 'Expected three blocks such as 6,12,18, or "encoder".')
      .default("encoder")
      .describe("Blocks of a vision transformer, counted from 1; encoder takes its own."),
    inputSize: z
      .int()
      .min(0)
      .max(1024)
      .default(0)
      .describe("Side of the encoder's input in pixels; 0 takes its own."),
    space: z
      .enum(["joint", "raw"])
      .default("joint")
      .describe("Space of the features: the one that pictures share with texts, or the block's."),
    features: z
      .enum(["standardised", "plain"])
      .default("standardised")
      .describe("Bring every channel to mean 0 and deviation 1 before distilling, or not."),
    global: z
      .enum(["cls", "mean"])
      .default("cls")
      .describe("Global feature: the class token where there is one, or the mean of the patches."),
    anchors: z
      .enum(["text", "free"])
      .default("text")
      .describe("Anchors from prompts through the text tower where there is one, or free vectors."),
    anchorSpace: z
      .enum(["standardised", "scaled", "plain"])
      .default("scaled")
      .describe("Space of free anchors: standardised, scaled to deviation 1 alone, or as it is."),

    width: z
      .int()
      .min(64)
      .max(1536)
      .multipleOf(64)
      .default(384)
      .describe("Channels of the fused tokens and the decoder; heads are width / 64."),
    mlpRatio: z
      .number()
      .min(1)
      .max(8)
      .default(4)
      .describe("Hidden width of a block's MLP / width."),
    activation: z
      .enum(["gelu", "quick-gelu"])
      .default("gelu")
      .describe("Activation in the decoder's blocks."),
    heads: z
      .enum(["linear", "none"])
      .default("linear")
      .describe("A linear map behind each block, or only where a layer has another width."),
    dropout: z.number().min(0).max(0.9).default(0.1).describe("Share of fused channels dropped."),
    noiseKind: z
      .enum(["uniform", "jitter"])
      .default("uniform")
      .describe("Uniform noise, or normal noise that grows with the norm of its token (UniAD)."),
    noise: z
      .number()
      .min(0)
      .max(40)
      .default(0.3)
      .describe("Half-width of the uniform noise, or the jitter's scale."),

    experts: z.int().min(1).max(16).default(5).describe("Number of experts T."),
    activeExperts: z.int().min(1).max(16).default(2).describe("Experts K that a token visits."),
    expertRatio: z
      .number()
      .min(0.125)
      .max(8)
      .default(0.125)
      .describe("Hidden width of an expert / width."),
    gate: z
      .enum(["softmax-first", "top-k-first"])
      .default("softmax-first")
      .describe("Weights from the softmax over all experts, or renormalised over the best K."),
    expertResidual: z
      .boolean()
      .default(true)
      .describe("Add the fused token to what its experts give."),

    temperature: z
      .number()
      .min(1e-4)
      .max(10)
      .default(0.07)
      .describe("Temperature τ of the comparison with the two anchors."),
    constraintWeight: z
      .number()
      .min(0)
      .max(100)
      .default(0.1)
      .describe("Weight γ of the decoder's constraint."),
    constraintEpoch: z
      .number()
      .min(0)
      .max(1e6)
      .default(5)
      .describe("Epoch ϑ from which the decoder is constrained."),
    constraintLatest: z
      .number()
      .min(0)
      .max(1)
      .default(0.25)
      .describe("Share of the steps after which it is constrained at the latest."),

    promotionScale: z
      .enum(["token", "map", "share"])
      .default("share")
      .describe("Divide the normality by the token's norm, by the map's, or make it a share."),
    promotionWeight: z
      .number()
      .min(0)
      .max(100)
      .default(0.05)
      .describe("Factor of the normality map; 1 in the paper."),
    promotionMatch: z
      .enum(["dot", "cosine"])
      .default("cosine")
      .describe("Compare patches with anchors by dot product or by cosine."),
    promotionGain: z
      .number()
      .positive()
      .max(1e4)
      .default(2)
      .describe("Factor inside the tanh; 1 in the paper."),
    promotionNorm: z
      .enum(["own", "encoder"])
      .default("own")
      .describe("Scale the decoder's normality by its own norm or by the encoder's."),

    ...LOSS_SETTINGS,
    optimiser: z.enum(["adamw", "adam"]).default("adamw").describe("Rule of the updates."),
    beta1: z.number().min(0).max(0.999).default(0.9).describe("Decay of the first moment."),
    learningRate: z.number().positive().max(0.1).default(1e-3).describe("Peak of the schedule."),
    rate: z
      .enum(["cosine", "constant"])
      .default("cosine")
      .describe("Cosine decay of the learning rate, or none."),
    warmupShare: z
      .number()
      .min(0)
      .max(0.5)
      .default(0.05)
      .describe("Share of the steps that raise the learning rate linearly."),
    weightDecay: z.number().min(0).max(1).default(1e-4).describe("Weight decay of matrices."),
    clipNorm: z
      .number()
      .min(0)
      .max(1e3)
      .default(1)
      .describe("Largest global gradient norm; 0 for no limit."),

    ...SCORE_SETTINGS,
  })
  .refine(({ experts, activeExperts }) => activeExperts <= experts, {
    path: ["activeExperts"],
    message: "Expected at most as many active experts as there are experts.",
  });
export type CncSettings = z.infer<typeof CncSettings>;

/** All that the paper states, and the specification's choice where it states nothing. */
const PAPER_SETTINGS = {
  layers: "encoder",
  inputSize: 224,
  space: "joint",
  features: "plain",
  width: 768,
  activation: "quick-gelu",
  heads: "none",
  noiseKind: "jitter",
  noise: 10,
  expertRatio: 1,
  gate: "softmax-first",
  expertResidual: false,
  temperature: 0.001,
  constraintWeight: 0.1,
  constraintEpoch: 5,
  constraintLatest: 1,
  promotionScale: "token",
  promotionWeight: 1,
  promotionMatch: "dot",
  promotionGain: 1,
  loss: "map-cosine",
  optimiser: "adam",
  beta1: 0.5,
  learningRate: 1e-3,
  rate: "constant",
  warmupShare: 0,
  weightDecay: 0,
  clipNorm: 0,
  smoothing: 4,
  imageScore: "max",
  scoring: "raw",
} as const satisfies Partial<CncSettings>;

export const CNC_PRESETS = {
  fast: {
    title: "Fast",
    summary: "Minutes on a CPU: the settings that were measured best in short runs.",
    settings: {},
    run: { steps: 400, batch: 4 },
  },
  paper: {
    title: "Paper",
    summary: "The paper's numbers: 250 epochs at batch 8, for CLIP ViT-L/14@336 on a GPU.",
    settings: PAPER_SETTINGS,
    run: { epochs: 250, batch: 8 },
  },
} as const;
