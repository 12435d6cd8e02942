import {
  add,
  and,
  build,
  constant,
  conv2d,
  equal,
  not,
  or,
  pad,
  slice,
  two,
  one,
  type Value,
  where,
} from "../graph/index.ts";
import { filled } from "../tensor/index.ts";
import { imageGradient, kernelGradient } from "./convolution-gradients.ts";
import { unslice } from "./unslice.ts";
import type { VjpRule } from "./vjp-rule.ts";

type ImageKind = "conv2d" | "convTranspose2d" | "maxPool2d" | "avgPool2d";

const extentOf = (value: Value, axis: number): number => value.shape[axis] ?? 1;

/**
 * Rules of the operations on images. Max pooling has no ONNX counterpart for its gradient:
 * every offset inside the window is compared with the maximum, the first hit takes all.
 */
export const imageRules: { readonly [K in ImageKind]: VjpRule<K> } = {
  conv2d: (node, dy) => {
    const [image, kernel] = two(node.inputs);
    return [
      imageGradient(dy, { image, kernel }, node.attrs),
      kernelGradient(dy, { image, kernel }, node.attrs),
    ];
  },
  convTranspose2d: (node, dy) => {
    const [x, kernel] = two(node.inputs);
    const { strides, pads, dilations, groups } = node.attrs;
    const attrs = { strides, pads, dilations, groups };
    return [conv2d(dy, kernel, attrs), kernelGradient(x, { image: dy, kernel }, attrs)];
  },
  avgPool2d: (node, dy) => {
    const x = one(node.inputs);
    const [kh, kw] = node.attrs.kernel;
    const channels = extentOf(x, 1);
    const kernel = constant(filled([channels, 1, kh, kw], 1 / (kh * kw), node.dtype));
    const { strides, pads } = node.attrs;
    return [
      imageGradient(
        dy,
        { image: x, kernel },
        { strides, pads, dilations: [1, 1], groups: channels },
      ),
    ];
  },
  maxPool2d: (node, dy) => {
    const x = one(node.inputs);
    const { kernel, pads } = node.attrs;
    const before = [0, 0, pads[0], pads[1]];
    const padded = pad(x, { before, after: [0, 0, pads[2], pads[3]], value: -3e38 });
    let sum: Value | null = null;
    let taken: Value | null = null;
    for (let row = 0; row < kernel[0]; row++) {
      for (let column = 0; column < kernel[1]; column++) {
        const offsets = [row, column] as const;
        const window = windowAt(padded, node, offsets);
        const equalHere = equal(window, node);
        const hit: Value = taken === null ? equalHere : and(equalHere, not(taken));
        taken = taken === null ? hit : or(taken, hit);
        const part = unslice(where(hit, dy, 0), window.attrs, padded.shape);
        sum = sum === null ? part : add(sum, part);
      }
    }
    if (sum === null) throw new RangeError("Expected a pooling window of at least one element.");
    const inner = slice(sum, { axis: 2, start: pads[0], end: pads[0] + extentOf(x, 2) });
    return [slice(inner, { axis: 3, start: pads[1], end: pads[1] + extentOf(x, 3) })];
  },
};

/** The pixels at one offset inside every window of a pooling node, of the shape of its result. */
function windowAt(
  padded: Value,
  pooled: Value<"maxPool2d">,
  offsets: readonly [number, number],
): Value<"slice"> {
  const { strides } = pooled.attrs;
  const end = (axis: 0 | 1): number =>
    offsets[axis] + (extentOf(pooled, axis + 2) - 1) * strides[axis] + 1;
  return build("slice", [padded], {
    starts: [0, 0, ...offsets],
    ends: [extentOf(padded, 0), extentOf(padded, 1), end(0), end(1)],
    steps: [1, 1, ...strides],
  });
}
