import {
  add,
  concat,
  conv2d,
  linear,
  pad,
  relu,
  reshape,
  slice,
  transpose,
  type Value,
} from "../../graph/index.ts";
import {
  convolution as convolvedPixels,
  type Initialiser,
  type Parameters,
  zerosInit,
} from "../../nn/index.ts";
import { float32 } from "../../tensor/index.ts";

/** Side of the input in pixels, and of the token grid of all three maps. */
export const LOUPE_INPUT_SIZE = 256;
export const LOUPE_GRID_SIZE = 16;

/** Channels of the three maps, shallow to deep. */
export const LOUPE_CHANNELS = [128, 256, 256] as const;

/** How the pixels come in: (value / 255 − mean) / std. */
export const LOUPE_NORMALISATION = { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] } as const;

/** Blocks at stride 4, 8 and 16, and the channels inside each. */
const STEM = { blocks: 1, channels: 64, hidden: 48 } as const;
const FINE = { blocks: 2, channels: LOUPE_CHANNELS[0], hidden: 96 } as const;
const DEEP = { blocks: 3, channels: LOUPE_CHANNELS[2], hidden: 128 } as const;

type ConvolutionShape = {
  readonly kernel: number;
  readonly stride: number;
  readonly channels: number;
  /** Standard deviation of the first weights over He's √(2 / fan-in); 1 when not given. */
  readonly gain?: number;
};

/**
 * Where the channels lie. The same weights give the same maps in both: `tokens` [n, h, w, c] turns a
 * convolution into matrix products, whose gradients are quick; `planes` [n, c, h, w] is what ONNX
 * Runtime's convolution wants.
 */
export type LoupeLayout = "tokens" | "planes";

function heNormal(fanIn: number, gain: number): Initialiser {
  const std = gain * Math.sqrt(2 / fanIn);
  return (shape, random) => {
    const size = shape.reduce((product, extent) => product * extent, 1);
    return float32(
      shape,
      Float32Array.from({ length: size }, () => std * random.normal()),
    );
  };
}

/** Squares of side `stride` as channels: [n, h, w, c] → [n, h / stride, w / stride, stride² c]. */
function squaresToChannels(x: Value, stride: number): Value {
  if (stride === 1) return x;
  const [n = 1, h = 1, w = 1, c = 1] = x.shape;
  const [rows, columns] = [h / stride, w / stride];
  const split = reshape(x, [n, rows, stride, columns, stride, c]);
  const gathered = transpose(split, [0, 1, 3, 2, 4, 5]);
  return reshape(gathered, [n, rows, columns, stride * stride * c]);
}

/** The patches under a kernel side by side, so that the convolution is a product with [patch, out]. */
function patchesOf(x: Value, { kernel, stride }: ConvolutionShape): Value {
  const margin = (kernel - stride) / 2;
  const edge = [0, margin, margin, 0];
  const squares = squaresToChannels(pad(x, { before: edge, after: edge }), stride);
  const taps = kernel / stride;
  const rows = (x.shape[1] ?? 1) / stride;
  const columns = (x.shape[2] ?? 1) / stride;
  const parts: Value[] = [];
  for (let row = 0; row < taps; row++) {
    const band = slice(squares, { axis: 1, start: row, end: row + rows });
    for (let column = 0; column < taps; column++) {
      parts.push(slice(band, { axis: 2, start: column, end: column + columns }));
    }
  }
  return concat(parts, 3);
}

/** A weight [taps² stride² c, out] as the kernel [out, c, kernel, kernel] of a convolution. */
function kernelOf(weight: Value, { kernel, stride, channels }: ConvolutionShape): Value {
  const taps = kernel / stride;
  const inputs = (weight.shape[0] ?? 1) / kernel ** 2;
  const parts = reshape(weight, [taps, taps, stride, stride, inputs, channels]);
  return reshape(transpose(parts, [5, 4, 0, 2, 1, 3]), [channels, inputs, kernel, kernel]);
}

/** x [n, h, w, c] convolved with the weights of its patches, [n, h / stride, w / stride, out]. */
function convolvedTokens(x: Value, weight: Value, shape: ConvolutionShape): Value {
  const { kernel, stride, channels } = shape;
  if (stride > 1) return linear(patchesOf(x, shape), weight, null);
  return convolvedPixels(x, reshape(weight, [kernel, kernel, x.shape[3] ?? 1, channels]));
}

/** A convolution with its bias whose windows are centred on the squares of its stride. */
function convolution(
  p: Parameters,
  x: { readonly map: Value; readonly layout: LoupeLayout },
  shape: ConvolutionShape,
): Value {
  const { kernel, stride, channels, gain = 1 } = shape;
  const inputs = x.map.shape[x.layout === "tokens" ? 3 : 1] ?? 1;
  const fanIn = inputs * kernel ** 2;
  const weight = p.get("weight", [fanIn, channels], heNormal(fanIn, gain));
  const bias = p.get("bias", [channels], zerosInit);
  if (x.layout === "tokens") return add(convolvedTokens(x.map, weight, shape), bias);
  const margin = (kernel - stride) / 2;
  const convolved = conv2d(x.map, kernelOf(weight, shape), {
    strides: [stride, stride],
    pads: [margin, margin, margin, margin],
  });
  return add(convolved, reshape(bias, [1, channels, 1, 1]));
}

/** x + 1×1(relu(3×3(x))). The second convolution starts small, which needs no normalisation. */
function block(
  p: Parameters,
  x: { readonly map: Value; readonly layout: LoupeLayout },
  hidden: number,
): Value {
  const { layout } = x;
  const channels = x.map.shape[layout === "tokens" ? 3 : 1] ?? 1;
  const inner = convolution(p.scope("in"), x, { kernel: 3, stride: 1, channels: hidden });
  const outer = { kernel: 1, stride: 1, channels, gain: 0.3 };
  return add(x.map, convolution(p.scope("out"), { map: relu(inner), layout }, outer));
}

/**
 * The trunk of the encoder: a residual network without normalisation.
 *
 * @param pixels normalised, [n, 256, 256, 3] for `tokens` or [n, 3, 256, 256] for `planes`
 * @returns three maps in the same layout: 128 channels at stride 8, then 256 at stride 16 twice
 */
export function loupeTrunk(
  p: Parameters,
  pixels: Value,
  layout: LoupeLayout,
): [fine: Value, middle: Value, deep: Value] {
  const at = (map: Value): { map: Value; layout: LoupeLayout } => ({ map, layout });
  let x = convolution(p.scope("stem"), at(pixels), {
    kernel: 8,
    stride: 4,
    channels: STEM.channels,
  });
  for (let i = 0; i < STEM.blocks; i++) x = block(p.scope(`stem/block${i}`), at(x), STEM.hidden);
  x = convolution(p.scope("fine/enter"), at(relu(x)), {
    kernel: 4,
    stride: 2,
    channels: FINE.channels,
  });
  for (let i = 0; i < FINE.blocks; i++) x = block(p.scope(`fine/block${i}`), at(x), FINE.hidden);
  const fine = x;
  x = convolution(p.scope("deep/enter"), at(relu(fine)), {
    kernel: 2,
    stride: 2,
    channels: DEEP.channels,
  });
  x = block(p.scope("deep/block0"), at(x), DEEP.hidden);
  const middle = x;
  for (let i = 1; i < DEEP.blocks; i++) x = block(p.scope(`deep/block${i}`), at(x), DEEP.hidden);
  return [fine, middle, x];
}
