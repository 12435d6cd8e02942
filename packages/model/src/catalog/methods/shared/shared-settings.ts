import { z } from "zod";

/** How a map becomes an image's score; spread into a method's settings. */
export const SCORE_SETTINGS = {
  smoothing: z
    .number()
    .min(0)
    .max(64)
    .default(8)
    .describe("Standard deviation of the Gaussian that smooths the anomaly map, in map pixels."),
  imageScore: z
    .enum(["max", "top-tokens"])
    .default("top-tokens")
    .describe("Largest value of the smoothed map, or the mean of the highest tokens."),
  topTokenShare: z
    .number()
    .positive()
    .max(1)
    .default(0.04)
    .describe("Share of the tokens that the top-tokens image score averages."),
  scoring: z
    .enum(["raw", "standard"])
    .default("standard")
    .describe(
      "The method's distances, or deviations above what good images have at the same place.",
    ),
};

/** AdamW under a warm-up and a cosine decay. */
export const OPTIMISER_SETTINGS = {
  learningRate: z.number().positive().max(0.1).default(1e-3).describe("Peak of the schedule."),
  weightDecay: z.number().min(0).max(1).default(1e-4).describe("Decoupled (AdamW) weight decay."),
  warmupShare: z
    .number()
    .min(0)
    .max(0.5)
    .default(0.05)
    .describe("Share of the steps that raise the learning rate linearly before the cosine decay."),
  clipNorm: z.number().positive().max(1e3).default(1).describe("Largest global gradient norm."),
};

/** What a reconstruction is held against. */
export const LOSS_SETTINGS = {
  loss: z
    .enum(["token-cosine", "map-cosine"])
    .default("token-cosine")
    .describe("Cosine of each token on its own, or of a layer's whole map as one vector."),
};
