import { z } from "zod";

// Far beyond every encoder there is, and small enough that nothing which is made that large hurts:
// a model file says these numbers, too.
const MAX_SIDE = 4096;
const MAX_GRID = 512;
const MAX_WIDTH = 65_536;
const MAX_DEPTH = 512;
const MAX_TEXT = 1_000;
const MAX_PATH = 4_096;

/**
 * The name of an encoder's folder: letters and digits first, then also spaces and a few signs.
 * Nothing in it can lead out of the folders in which encoders are looked up.
 */
export const EncoderName = z
  .string()
  .max(200)
  .regex(
    /^[\p{L}\p{N}_][\p{L}\p{M}\p{N} ._+@()-]*$/u,
    "Expected an encoder's name of letters, digits, spaces and ._+@()-, such as dinov2-small.",
  );

/**
 * One token map that a detector reads from an encoder.
 *
 * Token i of a row looks at the input around pixel `origin + i · stride`. Networks without padding
 * leave a margin (InceptionV3: 21 + 16i of 299), so that spreading the tokens evenly over the
 * image would shift the map by up to 12 pixels.
 */
export const EncoderLayer = z.strictObject({
  name: z.string().min(1).max(MAX_TEXT),
  channels: z.int().positive().max(MAX_WIDTH),
  origin: z.number().nonnegative().max(MAX_SIDE),
  stride: z.number().positive().max(MAX_SIDE),
});
export type EncoderLayer = z.infer<typeof EncoderLayer>;

/** Sizes of a vision transformer, from which its layers and its cost follow at any view. */
export const TransformerShape = z.strictObject({
  width: z.int().positive().max(MAX_WIDTH),
  depth: z.int().positive().max(MAX_DEPTH),
  /** Width of the hidden layer of a block. */
  hidden: z.int().positive().max(MAX_WIDTH),
  /** Side of a patch in pixels. */
  patch: z.int().positive().max(MAX_SIDE),
  /** Tokens besides the patches: class, distillation and registers. */
  extraTokens: z.int().positive().max(MAX_WIDTH),
  /** Width of the space that pictures share with texts, null without one. */
  jointWidth: z.int().positive().max(MAX_WIDTH).nullable(),
});
export type TransformerShape = z.infer<typeof TransformerShape>;

/** What is known of an encoder without running it. JSON-safe. */
export const EncoderInfo = z.strictObject({
  name: z.string().min(1).max(MAX_TEXT),
  /** Folder that holds the encoder's files. */
  path: z.string().min(1).max(MAX_PATH),
  /** Architecture family, such as `vit`, `inception-v3` or `resnet`. */
  family: z.string().min(1).max(MAX_TEXT),
  kind: z.enum(["vit", "conv"]),
  /** Side of the square input in pixels. */
  inputSize: z.int().positive().max(MAX_SIDE),
  /** Side of the square token grid to which all layers are brought. */
  gridSize: z.int().positive().max(MAX_GRID),
  /** The layers that a detector distils, shallow to deep. */
  layers: z.array(EncoderLayer).length(3),
  /** Size of the weights on disk. */
  sizeBytes: z.int().nonnegative().max(1e12),
  /** Multiply-accumulates of one image, in units of 1e9. */
  gigaMacsPerImage: z.number().positive().max(1e9),
  /** Whether the features include the class token of each layer. */
  globals: z.boolean().default(false),
  /** `raw`: the layers' own width; `joint`: the space that pictures share with texts. */
  space: z.enum(["raw", "joint"]).default("raw"),
  /** Width of the joint space when a text tower is there, null without one. */
  text: z
    .strictObject({ width: z.int().positive().max(MAX_WIDTH) })
    .nullable()
    .default(null),
  /** Null for a network whose layers and size are fixed. */
  transformer: TransformerShape.nullable().default(null),
});
export type EncoderInfo = z.infer<typeof EncoderInfo>;
