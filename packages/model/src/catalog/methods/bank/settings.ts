import { z } from "zod";

/** The encoder's layers that make a patch, of the three that it exposes, shallow to deep. */
const LAYER_CHOICES = ["1", "2", "3", "1+2", "1+3", "2+3", "1+2+3"] as const;

/**
 * Settings of the patch memory bank.
 *
 * The defaults are the ones that `docs/methods/bank.md` measures; every description is a sentence
 * that a form can show.
 */
export const BankSettings = z.strictObject({
  layers: z
    .string()
    .regex(/^(encoder|\d+,\d+,\d+)$/, 'Expected three blocks such as 3,6,8, or "encoder".')
    .default("encoder")
    .describe("Three blocks of a vision transformer, from 1, or the encoder's own choice."),
  joined: z
    .enum(LAYER_CHOICES)
    .default("1+2+3")
    .describe("Which of the three layers, counted from the shallowest, together make a patch."),
  neighbourhood: z
    .union([z.literal(1), z.literal(3), z.literal(5), z.literal(7)])
    .default(3)
    .describe("Side of the window of tokens that is averaged into each patch."),
  border: z
    .enum(["clip", "reflect", "omit"])
    .default("clip")
    .describe(
      "At the picture's edge: average what there is of the window, mirror the tokens, or leave " +
        "the outer ring of patches out.",
    ),
  scaling: z
    .enum(["none", "channel", "length"])
    .default("length")
    .describe("Bring nothing, each channel's deviation, or each layer's length in a patch to 1."),
  share: z
    .number()
    .positive()
    .max(1)
    .default(0.1)
    .describe("Share of the training patches that the bank keeps, chosen to cover the others."),
  largestBank: z
    .int()
    .min(1)
    .max(4_000_000)
    .default(20_000)
    .describe("Patches that the bank keeps at most, whatever the share."),
  projection: z
    .int()
    .min(0)
    .max(1024)
    .default(128)
    .describe("Random directions in which the choice of patches measures; 0 for all channels."),
  memoryLimitMiB: z
    .int()
    .min(64)
    .max(1_048_576)
    .default(4096)
    .describe("The run is refused before it starts when it would need more MiB than this."),
  smoothing: z
    .number()
    .min(0)
    .max(64)
    .default(8)
    .describe("Standard deviation of the Gaussian that smooths the anomaly map, in map pixels."),
  imageScore: z
    .enum(["max", "top-tokens"])
    .default("top-tokens")
    .describe("Largest distance of a patch, or the mean of the largest ones."),
  topTokenShare: z
    .number()
    .positive()
    .max(1)
    .default(0.04)
    .describe("Share of the patches that the top-tokens image score averages."),
  scoring: z
    .enum(["raw", "standard"])
    .default("standard")
    .describe(
      "The method's distances, or deviations above what good images have at the same place.",
    ),
  reweighting: z
    .int()
    .min(0)
    .max(16)
    .default(0)
    .describe(
      "Neighbours of the nearest remembered patch that weigh the image's score: it counts less " +
        "where the bank is dense (0: not weighed). Of raw scoring alone.",
    ),
});
export type BankSettings = z.infer<typeof BankSettings>;

/** What decides the size of a bank. */
export type BankPlan = {
  readonly settings: BankSettings;
  readonly gridSize: number;
  readonly layers: readonly { readonly channels: number }[];
  /** Training images. */
  readonly images: number;
};

/** Which of the encoder's layers (from 0) a setting such as `2+3` names. */
export function joinedLayers({ joined }: Pick<BankSettings, "joined">): number[] {
  return joined.split("+").map((place) => Number(place) - 1);
}

/** Patches and their width before and after the choice. */
export function bankSize({ settings, gridSize, layers, images }: BankPlan): {
  patches: number;
  kept: number;
  width: number;
  /** Width in which the choice measures; 0 when every patch is kept and nothing is chosen. */
  projected: number;
} {
  const side = settings.border === "omit" ? Math.max(1, gridSize - 2) : gridSize;
  const patches = images * side ** 2;
  const kept = Math.max(1, Math.min(settings.largestBank, Math.ceil(patches * settings.share)));
  const width = joinedLayers(settings).reduce((sum, at) => sum + (layers[at]?.channels ?? 0), 0);
  const { projection } = settings;
  const narrowed = projection > 0 && projection < width ? projection : width;
  return {
    patches,
    kept: Math.min(kept, patches),
    width,
    projected: kept < patches ? narrowed : 0,
  };
}

/**
 * Memory that filling and using a bank takes at its peak, over what any run takes.
 *
 * The choice holds every patch once, projected, with its distance; the bank is held by this
 * process, by the model that is written, and twice by the runtime that loads it.
 */
export function bankMemoryBytes(plan: BankPlan): number {
  const { patches, kept, width, projected } = bankSize(plan);
  const choosing = projected === 0 ? 0 : patches * (projected + 3) * 4;
  return choosing + 4 * kept * width * 4;
}
