import { z } from "zod";

/**
 * One token map that a detector reads from an encoder.
 *
 * Token i of a row looks at the input around pixel `origin + i · stride`. Networks without padding
 * leave a margin (InceptionV3: 21 + 16i of 299), so that spreading the tokens evenly over the
 * image would shift the map by up to 12 pixels.
 */
export const EncoderLayer = z.strictObject({
  name: z.string().min(1),
  channels: z.int().positive(),
  origin: z.number().nonnegative(),
  stride: z.number().positive(),
});
export type EncoderLayer = z.infer<typeof EncoderLayer>;

/** Sizes of a vision transformer, from which its layers and its cost follow at any view. */
export const TransformerShape = z.strictObject({
  width: z.int().positive(),
  depth: z.int().positive(),
  /** Width of the hidden layer of a block. */
  hidden: z.int().positive(),
  /** Side of a patch in pixels. */
  patch: z.int().positive(),
  /** Tokens besides the patches: class, distillation and registers. */
  extraTokens: z.int().positive(),
  /** Width of the space that pictures share with texts, null without one. */
  jointWidth: z.int().positive().nullable(),
});
export type TransformerShape = z.infer<typeof TransformerShape>;

/** What is known of an encoder without running it. JSON-safe. */
export const EncoderInfo = z.strictObject({
  name: z.string().min(1),
  /** Folder that holds the encoder's files. */
  path: z.string().min(1),
  /** Architecture family, such as `vit`, `inception-v3` or `resnet`. */
  family: z.string().min(1),
  kind: z.enum(["vit", "conv"]),
  /** Side of the square input in pixels. */
  inputSize: z.int().positive(),
  /** Side of the square token grid to which all layers are brought. */
  gridSize: z.int().positive(),
  /** The layers that a detector distils, shallow to deep. */
  layers: z.array(EncoderLayer).length(3),
  /** Size of the weights on disk. */
  sizeBytes: z.int().nonnegative(),
  /** Multiply-accumulates of one image, in units of 1e9. */
  gigaMacsPerImage: z.number().positive(),
  /** Whether the features include the class token of each layer. */
  globals: z.boolean().default(false),
  /** `raw`: the layers' own width; `joint`: the space that pictures share with texts. */
  space: z.enum(["raw", "joint"]).default("raw"),
  /** Width of the joint space when a text tower is there, null without one. */
  text: z.strictObject({ width: z.int().positive() }).nullable().default(null),
  /** Null for a network whose layers and size are fixed. */
  transformer: TransformerShape.nullable().default(null),
});
export type EncoderInfo = z.infer<typeof EncoderInfo>;
