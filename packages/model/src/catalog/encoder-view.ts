import type { EncoderInfo, TransformerShape } from "./encoder-info.ts";

/** What is wanted of an encoder; what is left out stays as the encoder has it by default. */
export type EncoderView = {
  /** Blocks of a vision transformer, counted from 1, shallow to deep. */
  readonly layers?: readonly [number, number, number];
  /** Side of the square input in pixels. */
  readonly inputSize?: number;
  /** A wish: encoders without a joint space give their raw one. */
  readonly space?: "raw" | "joint";
  /** A wish: encoders without a class token give none. */
  readonly globals?: boolean;
};

/** A view of a vision transformer with nothing left out. */
export type TransformerView = Required<EncoderView>;

/** What of a vision transformer no view changes. */
export type TransformerFacts = Pick<
  EncoderInfo,
  "name" | "path" | "family" | "sizeBytes" | "text"
> & { readonly transformer: TransformerShape };

/**
 * The blocks whose outputs are distilled by default: a quarter, half and three quarters of the
 * depth.
 *
 * DecAD's ablation finds {3, 6, 9} of 12 best, and CNC's {6, 12, 18} of 24 are the same shares.
 */
export function middleBlocks(depth: number): [number, number, number] {
  return [Math.round(depth / 4), Math.round(depth / 2), Math.round((3 * depth) / 4)];
}

const PREFIX = "block";

/** The blocks that layers of a vision transformer are named after. */
export function blocksOf({ layers }: Pick<EncoderInfo, "layers">): [number, number, number] {
  const [first, second, third] = layers.map(({ name }) => Number(name.replace(PREFIX, "")));
  return [first ?? 0, second ?? 0, third ?? 0];
}

/** Multiply-accumulates of one picture up to the deepest block that is wanted, in 1e9. */
function gigaMacs(
  shape: TransformerShape,
  { layers, inputSize, space }: Omit<TransformerView, "globals">,
): number {
  const { width, hidden, patch, extraTokens, jointWidth } = shape;
  const patches = (inputSize / patch) ** 2;
  const tokens = patches + extraTokens;
  const block = tokens * width * (4 * width + 2 * hidden) + 2 * tokens ** 2 * width;
  const joint = space === "joint" ? tokens * width * (jointWidth ?? 0) : 0;
  const embedding = patches * width * 3 * patch ** 2;
  return (embedding + Math.max(...layers) * block + layers.length * joint) / 1e9;
}

/** A vision transformer seen that way. */
export function describeTransformer(facts: TransformerFacts, view: TransformerView): EncoderInfo {
  const { name, path, family, sizeBytes, text, transformer } = facts;
  const { layers, inputSize, space, globals } = view;
  const { width, patch, jointWidth } = transformer;
  return {
    name,
    path,
    family,
    kind: "vit",
    inputSize,
    gridSize: inputSize / patch,
    layers: layers.map((block) => ({
      name: `${PREFIX}${block}`,
      channels: space === "joint" ? (jointWidth ?? width) : width,
      origin: (patch - 1) / 2,
      stride: patch,
    })),
    sizeBytes,
    gigaMacsPerImage: gigaMacs(transformer, view),
    globals,
    space,
    text,
    transformer,
  };
}

function checkLayers(name: string, depth: number, layers: TransformerView["layers"]): void {
  const [first, second, third] = layers;
  const isKnown = layers.every((block) => Number.isInteger(block)) && first >= 1 && third <= depth;
  if (isKnown && first < second && second < third) return;
  throw new Error(
    `Expected three blocks of ${name}, from 1 to ${depth} and shallow to deep, got ` +
      `${layers.join(", ")}.`,
  );
}

function checkInputSize(name: string, patch: number, size: number): void {
  if (Number.isInteger(size) && size >= patch && size % patch === 0) return;
  const near = Math.max(1, Math.round(size / patch) || 1) * patch;
  throw new Error(
    `Expected an input size for ${name} that is a multiple of its patch of ${patch} pixels, got ` +
      `${size}. ${near} would fit.`,
  );
}

/** A convolutional network is used as it was exported. */
function checkFixed({ name, inputSize }: EncoderInfo, view: EncoderView): void {
  if (view.layers !== undefined) {
    throw new Error(
      `Expected no choice of layers for ${name}, a convolutional network, got ` +
        `${view.layers.join(", ")}. Leave it out, or choose a vision transformer.`,
    );
  }
  if (view.inputSize !== undefined && view.inputSize !== inputSize) {
    throw new Error(
      `Expected an input size of ${inputSize} for ${name}, the one it was exported for, got ` +
        `${view.inputSize}.`,
    );
  }
}

/**
 * What is known of an encoder when it is seen as `view` says: its layers, size, cost and space.
 *
 * @throws one sentence when it cannot be seen that way
 */
export function viewEncoder(encoder: EncoderInfo, view: EncoderView): EncoderInfo {
  const { name, transformer } = encoder;
  if (transformer === null) {
    checkFixed(encoder, view);
    return encoder;
  }
  const layers = view.layers ?? blocksOf(encoder);
  checkLayers(name, transformer.depth, layers);
  const inputSize = view.inputSize ?? encoder.inputSize;
  checkInputSize(name, transformer.patch, inputSize);
  const wished = view.space ?? encoder.space;
  const space = transformer.jointWidth === null ? "raw" : wished;
  const globals = view.globals ?? encoder.globals;
  return describeTransformer({ ...encoder, transformer }, { layers, inputSize, space, globals });
}
