import { z } from "zod";

/** Settings of DecAD's module, the same in the method and as a plug-in of another one. */
export const DecadModuleSettings = z.strictObject({
  networkBlocks: z.int().min(1).max(8).default(3).describe("Blocks R of the invertible network."),
  networkUnits: z.int().min(1).max(8).default(2).describe("Monotone units K of a block."),
  layout: z
    .enum(["every-unit", "between-units", "every-block"])
    .default("every-unit")
    .describe("Where activations are normalised: after every unit, inside a block, after a block."),
  contraction: z
    .enum(["single", "dense", "bottleneck"])
    .default("single")
    .describe("The map G of a unit: one matrix, i-DenseNet's dense layers, or narrow inside."),
  lipschitz: z
    .number()
    .min(0.1)
    .max(0.99)
    .default(0.9)
    .describe("Largest spectral norm of a matrix; nearer to 1 the solver needs more iterations."),
  powerIterations: z
    .int()
    .min(1)
    .max(50)
    .default(5)
    .describe("Power iterations that follow each spectral norm after a step."),
  initialScale: z
    .number()
    .min(0.001)
    .max(1)
    .default(0.1)
    .describe("Size of the first weights; small ones let the network start near the identity."),
  steepness: z.number().min(0.5).max(50).default(5).describe("Pila's k."),
  bottleneckWidth: z.int().min(4).max(1024).default(64).describe("Width inside of a bottleneck G."),
  denseDepth: z.int().min(1).max(6).default(3).describe("Layers of a dense G."),
  denseGrowth: z.int().min(1).max(512).default(64).describe("Channels that a dense layer adds."),
  iterations: z
    .int()
    .min(2)
    .max(100)
    .default(6)
    .describe("Iterations of every solve while training, forward and backward."),
  adversaryIterations: z
    .int()
    .min(2)
    .max(100)
    .default(3)
    .describe("Iterations of the adversary's solves, of which only a direction is wanted."),
  evaluationIterations: z
    .int()
    .min(2)
    .max(200)
    .default(30)
    .describe("Most iterations of a solve when an image is scored."),
  evaluationError: z
    .number()
    .min(0)
    .max(0.1)
    .default(1e-4)
    .describe(
      "Share of a solve's error that may remain when an image is scored: the trained spectral " +
        "norms tell how many iterations that takes. 0 always takes the most.",
    ),
  mixEvery: z
    .int()
    .min(2)
    .max(20)
    .default(3)
    .describe("Iterations between two mixings (Anderson) that speed a solve up."),
  basis: z
    .enum(["pca", "none"])
    .default("pca")
    .describe("Turn the tokens into their principal axes first, or leave them as they are."),
  abnormalShare: z
    .number()
    .min(0.01)
    .max(0.95)
    .default(0.25)
    .describe("Share of the latent channels that hold the abnormal part and are set to 0."),
  annealShare: z
    .number()
    .min(0)
    .max(1)
    .default(0.07)
    .describe("Share of the steps over which the abnormal channels fade from 1 to 0."),
  adversary: z
    .enum(["rec", "disc", "ent", "none"])
    .default("rec")
    .describe("What the synthesis raises: the host's loss, a discriminator's verdict, its doubt."),
  delta: z
    .number()
    .min(0)
    .max(50)
    .default(2.5)
    .describe("Radius of the synthesis for tokens of norm √768; scaled to the tokens at hand."),
  deltaFrom: z
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe("Radii are drawn from this share of delta up to delta; 1 for delta alone."),
  perturbedShare: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe("Share of a batch's images that get synthetic anomalies."),
  quietShare: z
    .number()
    .min(0)
    .max(1)
    .default(0.05)
    .describe("Share of the steps before the synthesis begins."),
  discriminatorWidth: z
    .int()
    .min(8)
    .max(2048)
    .default(192)
    .describe("Hidden width of the discriminator of the adversaries disc and ent."),
  decouplingWeight: z
    .number()
    .min(0)
    .max(100)
    .default(1)
    .describe("Weight of the distance between clean tokens and their normal remainder."),
  latentWeight: z
    .number()
    .min(0)
    .max(100)
    .default(0.1)
    .describe("Weight of the abnormal part of tokens that were not perturbed."),
  priorWeight: z
    .number()
    .min(0)
    .max(100)
    .default(0)
    .describe("Weight of a normal prior on the latent channels that are kept."),
  networkRate: z
    .number()
    .positive()
    .max(100)
    .default(1)
    .describe("Learning rate of the invertible network over that of the rest."),
  networkClipNorm: z
    .number()
    .positive()
    .max(1e3)
    .default(0.1)
    .describe("Largest gradient norm of the invertible network."),
  abnormalWeight: z
    .number()
    .min(0)
    .max(100)
    .default(0.5)
    .describe("Weight in the map of the norm of the abnormal part over its mean on normal images."),
});
export type DecadModuleSettings = z.infer<typeof DecadModuleSettings>;

/** Whether a host sends its tokens through DecAD's module. */
export const PLUGIN_SETTINGS = {
  plugin: z
    .enum(["none", "decad"])
    .default("none")
    .describe("Decouple abnormal parts from the tokens before they are decoded, or not."),
  decad: DecadModuleSettings.prefault({}).describe("Settings of the plug-in."),
} as const;
