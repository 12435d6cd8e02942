import { add, relu, type Value } from "../../graph/index.ts";
import {
  convolution,
  type Initialiser,
  layerNormLayer,
  type Parameters,
  zerosInit,
} from "../../nn/index.ts";
import { float32, sample, sizeOf } from "../../tensor/index.ts";

/** Normal with variance 2 / fan-in: what rectified units keep the scale of (He et al. 2015). */
const heNormal: Initialiser = (shape, random) => {
  const std = Math.sqrt(2 / sizeOf(shape.slice(0, -1)));
  // Ten million draws, which the table of `sample` makes in a tenth of the time.
  const { data } = sample({ kind: "normal" }, shape, random.bits());
  return float32(
    shape,
    (data as Float32Array).map((draw) => draw * std),
  );
};

export type ConvOptions = {
  readonly width: number;
  /** Side of the kernel, odd; borders are padded with zeros. */
  readonly kernel: 1 | 3;
  readonly stride?: 1 | 2;
};

/** A convolution with bias, x [n, h, w, c]; stride 2 halves the sides, rounding up. */
export function convLayer(
  p: Parameters,
  x: Value,
  { width, kernel, stride = 1 }: ConvOptions,
): Value {
  const weight = p.get("weight", [kernel, kernel, x.shape.at(-1) ?? 1, width], heNormal);
  return add(convolution(x, weight, stride), p.get("bias", [width], zerosInit));
}

/**
 * A residual block of two 3 × 3 convolutions (He et al. 2016), x [n, h, w, c]; a 1 × 1 one leads past it
 * where shapes differ.
 *
 * RD4AD has batch norm here, whose moments depend on who shares a batch; a detector of this library
 * scores a picture the same in any company, so every pixel's channels are normalised instead.
 */
export function residualBlock(
  p: Parameters,
  x: Value,
  { width, stride = 1 }: { width: number; stride?: 1 | 2 },
): Value {
  const first = convLayer(p.scope("conv0"), x, { width, kernel: 3, stride });
  const hidden = relu(layerNormLayer(p.scope("norm0"), first));
  const second = layerNormLayer(
    p.scope("norm1"),
    convLayer(p.scope("conv1"), hidden, { width, kernel: 3 }),
  );
  const isSame = stride === 1 && x.shape.at(-1) === width;
  const past = isSame
    ? x
    : layerNormLayer(
        p.scope("norm-past"),
        convLayer(p.scope("past"), x, { width, kernel: 1, stride }),
      );
  return relu(add(second, past));
}
