import {
  add,
  concat,
  conv2d,
  expand,
  gelu,
  input,
  matMul,
  quickGelu,
  reshape,
  slice,
  transpose,
  type Value,
} from "../../graph/index.ts";
import {
  type BlockOptions,
  layerNormLayer,
  type Parameters,
  transformerBlock,
  zerosInit,
} from "../../nn/index.ts";

/** What `hidden_act` may say in the families that we read. */
export const ACTIVATIONS = { gelu, quick_gelu: quickGelu } as const;

/** The sizes of a transformer's blocks. */
export type BlockShape = {
  readonly width: number;
  readonly depth: number;
  readonly heads: number;
  readonly hidden: number;
  readonly activation: keyof typeof ACTIVATIONS;
  readonly epsilon: number;
};

/** What tells one vision transformer from another. */
export type VisionShape = BlockShape & {
  readonly patch: number;
  /** Side of the square picture that the positions were trained for. */
  readonly trainedSize: number;
  readonly hasPatchBias: boolean;
  /** Tokens before the patches that have a position: the class token and, in DeiT, another. */
  readonly leading: 1 | 2;
  /** Tokens without a position that follow the class token and are dropped from the outputs. */
  readonly registers: number;
  /** Whether a norm stands before the first block. */
  readonly hasFirstNorm: boolean;
  /** Width of the space that is shared with texts, null when there is none. */
  readonly jointWidth: number | null;
};

/** The part of a vision transformer that is to be computed. */
export type VisionRequest = {
  readonly batch: number;
  readonly inputSize: number;
  /** Blocks whose outputs are wanted, counted from 1. */
  readonly blocks: readonly number[];
  readonly space: "raw" | "joint";
};

/** What one block gives: patches [batch, tokens, channels] and the class token [batch, channels]. */
export type VisionLayer = { readonly tokens: Value; readonly global: Value };

export function blockOptions(shape: BlockShape): BlockOptions {
  return {
    heads: shape.heads,
    ratio: shape.hidden / shape.width,
    activation: ACTIVATIONS[shape.activation],
    epsilon: shape.epsilon,
  };
}

/** Leading tokens, registers and patches with their positions, [batch, all tokens, width]. */
function embed(p: Parameters, pixels: Value, shape: VisionShape): Value {
  const { width, patch, leading, registers } = shape;
  const [batch = 1, , size = 1] = pixels.shape;
  const tokens = (size / patch) ** 2;
  const kernel = p.get("patch/weight", [width, 3, patch, patch], zerosInit);
  const convolved = conv2d(pixels, kernel, { strides: [patch, patch] });
  const flat = transpose(reshape(convolved, [batch, width, tokens]), [0, 2, 1]);
  const patches = shape.hasPatchBias ? add(flat, p.get("patch/bias", [width], zerosInit)) : flat;

  const repeated = (name: string, count: number): Value =>
    expand(p.get(name, [1, count, width], zerosInit), [batch, count, width]);
  const first = [repeated("class", 1), ...(leading === 2 ? [repeated("distillation", 1)] : [])];
  const positions = p.get("positions", [1, tokens + leading, width], zerosInit);
  const placed = add(concat([...first, patches], 1), positions);
  if (registers === 0) return placed;
  return concat(
    [
      slice(placed, { axis: 1, start: 0, end: 1 }),
      repeated("registers", registers),
      slice(placed, { axis: 1, start: 1, end: tokens + leading }),
    ],
    1,
  );
}

/** CLIP's way to the space that pictures share with texts, for every token: norm, then a matrix. */
function toJointSpace(p: Parameters, x: Value, shape: VisionShape): Value {
  const normal = layerNormLayer(p.scope("joint/norm"), x, shape.epsilon);
  return matMul(normal, p.get("joint/weight", [shape.width, shape.jointWidth ?? 0], zerosInit));
}

/**
 * The outputs of the given blocks over the input `pixels` [batch, 3, size, size].
 *
 * Pre-norm blocks: `raw` is Hugging Face's `hidden_states[block]`. `joint` brings each token of
 * each layer to the joint space with the norm and the projection after the last block.
 */
export function visionLayers(
  p: Parameters,
  shape: VisionShape,
  { batch, inputSize, blocks, space }: VisionRequest,
): VisionLayer[] {
  const embedded = embed(p, input("pixels", [batch, 3, inputSize, inputSize]), shape);
  let x = shape.hasFirstNorm ? layerNormLayer(p.scope("norm0"), embedded, shape.epsilon) : embedded;
  const layers: VisionLayer[] = [];
  for (let block = 1; block <= Math.max(...blocks); block++) {
    x = transformerBlock(p.scope(`block${block}`), x, blockOptions(shape));
    if (!blocks.includes(block)) continue;
    const all = space === "joint" ? toJointSpace(p, x, shape) : x;
    const [, tokens = 1, channels = 1] = all.shape;
    const start = shape.leading + shape.registers;
    layers.push({
      tokens: slice(all, { axis: 1, start, end: tokens }),
      global: reshape(slice(all, { axis: 1, start: 0, end: 1 }), [batch, channels]),
    });
  }
  return layers;
}
