import {
  add,
  conv2d,
  mul,
  reduceMean,
  relu,
  reshape,
  sqrt,
  square,
  sub,
  type Value,
  div,
} from "../../graph/index.ts";
import { type Initialiser, onesInit, type Parameters, zerosInit } from "../../nn/index.ts";
import { float32, sizeOf } from "../../tensor/index.ts";

const EPSILON = 1e-5;

/** Normal with variance 2 / fan-in, cut at nothing: what rectified units keep the scale of (He et al. 2015). */
const heNormal: Initialiser = (shape, random) => {
  const [, perGroup = 1, height = 1, width = 1] = shape;
  const deviation = Math.sqrt(2 / (perGroup * height * width));
  return float32(
    shape,
    Float32Array.from({ length: sizeOf(shape) }, () => random.normal() * deviation),
  );
};

export type ConvOptions = {
  readonly width: number;
  /** Side of the kernel, odd; borders are padded with zeros. */
  readonly kernel: 1 | 3;
  readonly stride?: 1 | 2;
};

/** A convolution with bias, x [n, c, h, w]; stride 2 halves the sides, rounding up. */
export function convLayer(
  p: Parameters,
  x: Value,
  { width, kernel, stride = 1 }: ConvOptions,
): Value {
  const channels = x.shape[1] ?? 1;
  const weight = p.get("weight", [width, channels, kernel, kernel], heNormal);
  const pad = (kernel - 1) / 2;
  const y = conv2d(x, weight, { strides: [stride, stride], pads: [pad, pad, pad, pad] });
  return add(y, reshape(p.get("bias", [width], zerosInit), [1, width, 1, 1]));
}

/**
 * Every pixel's channels brought to mean 0 and deviation 1, then scaled and shifted by channel.
 *
 * RD4AD has batch norm here, whose moments depend on who shares a batch; a detector of this
 * library scores a picture the same in any company.
 */
export function channelNorm(p: Parameters, x: Value): Value {
  const width = x.shape[1] ?? 1;
  const across = { axes: [1], keepDims: true };
  const centred = sub(x, reduceMean(x, across));
  const deviation = sqrt(add(reduceMean(square(centred), across), EPSILON));
  const byChannel = (name: string, initial: Initialiser): Value =>
    reshape(p.get(name, [width], initial), [1, width, 1, 1]);
  return add(
    mul(div(centred, deviation), byChannel("scale", onesInit)),
    byChannel("bias", zerosInit),
  );
}

/** A residual block of two 3 × 3 convolutions (He et al. 2016); a 1 × 1 one leads past it where shapes differ. */
export function residualBlock(
  p: Parameters,
  x: Value,
  { width, stride = 1 }: { width: number; stride?: 1 | 2 },
): Value {
  const first = convLayer(p.scope("conv0"), x, { width, kernel: 3, stride });
  const hidden = relu(channelNorm(p.scope("norm0"), first));
  const second = channelNorm(
    p.scope("norm1"),
    convLayer(p.scope("conv1"), hidden, { width, kernel: 3 }),
  );
  const isSame = stride === 1 && x.shape[1] === width;
  const past = isSame
    ? x
    : channelNorm(
        p.scope("norm-past"),
        convLayer(p.scope("past"), x, { width, kernel: 1, stride }),
      );
  return relu(add(second, past));
}
