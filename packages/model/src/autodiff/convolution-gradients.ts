import {
  constant,
  conv2d,
  convTranspose2d,
  gather,
  matMul,
  type OpAttributes,
  pad,
  reshape,
  slice,
  transpose,
  type Value,
} from "../graph/index.ts";
import { tensor } from "../tensor/index.ts";

type Convolution = OpAttributes["conv2d"];
type Pair = readonly [number, number];

type Operands = { readonly image: Value; readonly kernel: Value };

const extentOf = (value: Value, axis: number): number => value.shape[axis] ?? 1;

const sidesOf = (value: Value): Pair => [extentOf(value, 2), extentOf(value, 3)];

const isOne = ([rows, columns]: Pair): boolean => rows === 1 && columns === 1;

/** Whether every pixel of the result is the pixel at its place times one matrix. */
function isByPixel(kernel: Value, { strides, pads, groups }: Convolution): boolean {
  const isBare = pads.every((count) => count === 0);
  return groups === 1 && isBare && isOne(strides) && isOne(sidesOf(kernel));
}

/** dL/dimage of a convolution. */
export function imageGradient(dy: Value, operands: Operands, attrs: Convolution): Value {
  const { image, kernel } = operands;
  if (isByPixel(kernel, attrs)) return conv2d(dy, transpose(kernel, [1, 0, 2, 3]));
  // With strides most neighbours would be zeros.
  const isDense = attrs.groups === 1 && isOne(attrs.strides);
  if (!isDense) return transposedConvolution(dy, operands, attrs);
  const [n = 1, , h = 1, w = 1] = image.shape;
  const [out = 1, channels = 1, kh = 1, kw = 1] = kernel.shape;
  const byTap = transpose(reshape(kernel, [out, channels, kh * kw]), [2, 0, 1]);
  const weight = reshape(byTap, [kh * kw * out, channels]);
  const rows = matMul(neighboursOf(dy, operands, attrs), weight);
  return transpose(reshape(rows, [n, h, w, channels]), [0, 3, 1, 2]);
}

/**
 * dL/dkernel of a convolution: one matrix product over all pixels of the batch. A convolution with
 * dL/dy for its kernel gives the same, but ONNX Runtime takes twice as long over it, five times where
 * the kernel has one pixel, and calls its threads together once for each channel.
 */
export function kernelGradient(dy: Value, operands: Operands, attrs: Convolution): Value {
  const { image, kernel } = operands;
  if (attrs.groups > 1) return groupedKernelGradient(dy, operands, attrs);
  if (isByPixel(kernel, attrs)) {
    const product = matMul(planesOf(dy), planesOf(image), { transposeB: true });
    return reshape(product, kernel.shape);
  }
  const [out = 1, channels = 1, kh = 1, kw = 1] = kernel.shape;
  if (isOne(attrs.strides)) {
    // Gathered anew: every kernel's gradient runs after all images', and until then the neighbours
    // of all layers would be kept.
    const product = matMul(planesOf(image), neighboursOf(dy, operands, attrs));
    return reshape(transpose(reshape(product, [channels, kh * kw, out]), [2, 0, 1]), kernel.shape);
  }
  const product = matMul(planesOf(dy), patchesOf(image, { dy, kernel }, attrs));
  return reshape(transpose(reshape(product, [out, kh * kw, channels]), [0, 2, 1]), kernel.shape);
}

/** dL/dimage of any convolution: the transposed one, grown to the image's size. */
function transposedConvolution(dy: Value, { image, kernel }: Operands, attrs: Convolution): Value {
  const [top, left, bottom, right] = attrs.pads;
  const missing = (axis: 0 | 1, padded: number): number =>
    extentOf(image, axis + 2) +
    padded -
    (extentOf(dy, axis + 2) - 1) * attrs.strides[axis] -
    (extentOf(kernel, axis + 2) - 1) * attrs.dilations[axis] -
    1;
  return convTranspose2d(dy, kernel, {
    ...attrs,
    outputPads: [missing(0, top + bottom), missing(1, left + right)],
  });
}

/**
 * dL/dkernel as one convolution: the image with batch and channels swapped is convolved with
 * dL/dy, strides and dilations changing places.
 */
function groupedKernelGradient(dy: Value, { image, kernel }: Operands, attrs: Convolution): Value {
  const [n = 1, channels = 1, h = 1, w = 1] = image.shape;
  const [out = 1, perGroup = 1, kh = 1, kw = 1] = kernel.shape;
  const { groups } = attrs;
  const grouped = reshape(image, [n, groups, channels / groups, h, w]);
  const swapped = reshape(transpose(grouped, [2, 1, 0, 3, 4]), [perGroup, groups * n, h, w]);
  const gradient = conv2d(swapped, transpose(dy, [1, 0, 2, 3]), {
    strides: attrs.dilations,
    dilations: attrs.strides,
    pads: attrs.pads,
    groups,
  });
  // A stride that does not divide the image leaves taps over that the kernel does not have.
  const rows = slice(gradient, { axis: 2, start: 0, end: kh });
  const exact = slice(rows, { axis: 3, start: 0, end: kw });
  return reshape(transpose(exact, [1, 0, 2, 3]), [out, perGroup, kh, kw]);
}

/** x [n, c, h, w] as [c, n h w]. */
function planesOf(x: Value): Value {
  return reshape(transpose(x, [1, 0, 2, 3]), [extentOf(x, 1), -1]);
}

/** Under each pixel of `dy`, what the kernel's taps saw of the image: [n h w of dy, taps channels]. */
function patchesOf(
  image: Value,
  { dy, kernel }: { readonly dy: Value; readonly kernel: Value },
  { strides, pads, dilations }: Convolution,
): Value {
  const [top, left] = pads;
  const places = { kernel: sidesOf(kernel), sides: sidesOf(dy), strides, dilations };
  return gathered(image, { ...places, offsets: [-top, -left] });
}

/** Of each pixel of the image, dL/dy where the kernel's taps touched it: [n h w, taps out]; stride 1. */
function neighboursOf(
  dy: Value,
  { image, kernel }: Operands,
  { strides, pads, dilations }: Convolution,
): Value {
  const [top, left] = pads;
  const backwards: Pair = [-dilations[0], -dilations[1]];
  const places = { kernel: sidesOf(kernel), sides: sidesOf(image), strides };
  return gathered(dy, { ...places, dilations: backwards, offsets: [top, left] });
}

/** Tap t of place p reads the pixel p · stride + t · dilation + offset, along both axes. */
type Places = {
  /** Taps along both axes. */
  readonly kernel: Pair;
  /** Places along both axes. */
  readonly sides: Pair;
  readonly strides: Pair;
  readonly dilations: Pair;
  readonly offsets: Pair;
};

/**
 * The pixels that all taps read, side by side: [n places, taps channels], zeros beyond the border.
 * With channels last a pixel is one piece of memory, which makes this one pass of copies.
 */
function gathered(x: Value, places: Places): Value {
  const [n = 1, channels = 1, h = 1, w = 1] = x.shape;
  const pixels = reshape(transpose(x, [0, 2, 3, 1]), [n, h * w, channels]);
  const bordered = pad(pixels, { before: [0, 0, 0], after: [0, 1, 0] });
  const read = pixelsRead(places, [h, w]);
  const taps = places.kernel[0] * places.kernel[1];
  const indices = constant(tensor("int32", [read.length], read));
  return reshape(gather(bordered, indices, 1), [(n * read.length) / taps, taps * channels]);
}

/** Index of the pixel that each tap of each place reads; beyond the border the one after the last. */
function pixelsRead(
  { kernel, sides, strides, dilations, offsets }: Places,
  [h, w]: Pair,
): Int32Array {
  const read = new Int32Array(sides[0] * sides[1] * kernel[0] * kernel[1]);
  let index = 0;
  const along = (axis: 0 | 1, place: number, tap: number): number =>
    place * strides[axis] + tap * dilations[axis] + offsets[axis];
  for (let y = 0; y < sides[0]; y++) {
    for (let x = 0; x < sides[1]; x++) {
      for (let tap = 0; tap < kernel[0] * kernel[1]; tap++) {
        const row = along(0, y, Math.floor(tap / kernel[1]));
        const column = along(1, x, tap % kernel[1]);
        const isInside = row >= 0 && row < h && column >= 0 && column < w;
        read[index++] = isInside ? row * w + column : h * w;
      }
    }
  }
  return read;
}
