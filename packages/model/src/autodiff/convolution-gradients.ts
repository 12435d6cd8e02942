import {
  conv2d,
  convTranspose2d,
  type OpAttributes,
  reshape,
  slice,
  transpose,
  type Value,
} from "../graph/index.ts";

type Convolution = OpAttributes["conv2d"];

type Operands = { readonly image: Value; readonly kernel: Value };

const extentOf = (value: Value, axis: number): number => value.shape[axis] ?? 1;

/** dL/dimage of a convolution: the transposed one, grown to the image's size. */
export function imageGradient(dy: Value, { image, kernel }: Operands, attrs: Convolution): Value {
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
 * dL/dy, strides and dilations changing places. What a method trains is `convolution` of `nn`, whose
 * gradients are matrix products and several times as quick.
 */
export function kernelGradient(dy: Value, { image, kernel }: Operands, attrs: Convolution): Value {
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
