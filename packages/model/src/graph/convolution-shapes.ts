import { formatShape, type Shape, ShapeError } from "../tensor/index.ts";
import type { Signature, SignatureRule } from "./signature.ts";
import type { Convolution, Pads, Pooling, Value } from "./value.ts";

type ImageKind = "conv2d" | "convTranspose2d" | "maxPool2d" | "avgPool2d";
type Pair = readonly [number, number];
type Four = [number, number, number, number];

function four(value: Value | undefined): Four {
  const shape: Shape = value?.shape ?? [];
  const [n, c, h, w] = shape;
  if (n === undefined || c === undefined || h === undefined || w === undefined) {
    throw new ShapeError(`Expected four axes, got ${formatShape(shape)}.`);
  }
  if (shape.length !== 4) throw new ShapeError(`Expected four axes, got ${formatShape(shape)}.`);
  return [n, c, h, w];
}

/** Positions of a window of `kernel` (already dilated) on a padded axis. */
function windows(extent: number, kernel: number, stride: number): number {
  const count = Math.floor((extent - kernel) / stride) + 1;
  if (count < 1) throw new ShapeError(`A window of ${kernel} does not fit on ${extent} pixels.`);
  return count;
}

function convolved(size: Pair, kernel: Pair, attrs: Convolution): Pair {
  const [top, left, bottom, right]: Pads = attrs.pads;
  const spanY = (kernel[0] - 1) * attrs.dilations[0] + 1;
  const spanX = (kernel[1] - 1) * attrs.dilations[1] + 1;
  return [
    windows(size[0] + top + bottom, spanY, attrs.strides[0]),
    windows(size[1] + left + right, spanX, attrs.strides[1]),
  ];
}

const pooling = (inputs: readonly Value[], attrs: Pooling): Signature => {
  const [n, c, h, w] = four(inputs[0]);
  const [outH, outW] = convolved([h, w], attrs.kernel, { ...attrs, dilations: [1, 1], groups: 1 });
  return { shape: [n, c, outH, outW], dtype: inputs[0]?.dtype ?? "float32" };
};

/** Shapes of the operations on images, [n, c, h, w]; kernels are [out, in / groups, kh, kw]. */
export const convolutionRules: { readonly [K in ImageKind]: SignatureRule<K> } = {
  conv2d: (inputs, attrs) => {
    const [n, c, h, w] = four(inputs[0]);
    const [out, perGroup, kh, kw] = four(inputs[1]);
    if (perGroup * attrs.groups !== c || out % attrs.groups !== 0) {
      throw new ShapeError(
        `A kernel for ${perGroup * attrs.groups} channels (${attrs.groups} groups) met ${c} channels.`,
      );
    }
    const [outH, outW] = convolved([h, w], [kh, kw], attrs);
    return { shape: [n, out, outH, outW], dtype: inputs[0]?.dtype ?? "float32" };
  },
  convTranspose2d: (inputs, attrs) => {
    const [n, c, h, w] = four(inputs[0]);
    const [from, perGroup, kh, kw] = four(inputs[1]);
    if (from !== c) throw new ShapeError(`A kernel from ${from} channels met ${c} channels.`);
    const [top, left, bottom, right] = attrs.pads;
    const grow = (extent: number, kernel: number, axis: 0 | 1): number =>
      (extent - 1) * attrs.strides[axis] +
      (kernel - 1) * attrs.dilations[axis] +
      1 +
      attrs.outputPads[axis];
    return {
      shape: [
        n,
        perGroup * attrs.groups,
        grow(h, kh, 0) - top - bottom,
        grow(w, kw, 1) - left - right,
      ],
      dtype: inputs[0]?.dtype ?? "float32",
    };
  },
  maxPool2d: pooling,
  avgPool2d: pooling,
};
