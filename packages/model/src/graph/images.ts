import { float32, type Shape } from "../tensor/index.ts";
import { build } from "./build.ts";
import { matMul } from "./contractions.ts";
import { constant } from "./leaves.ts";
import { reshape } from "./movement.ts";
import type { Convolution, Pooling, Value } from "./value.ts";

/** Convolution of x [n, c, h, w] with a kernel [out, c / groups, kh, kw]; zero padding. */
export function conv2d(x: Value, kernel: Value, options: Partial<Convolution> = {}): Value {
  return build("conv2d", [x, kernel], {
    strides: options.strides ?? [1, 1],
    pads: options.pads ?? [0, 0, 0, 0],
    dilations: options.dilations ?? [1, 1],
    groups: options.groups ?? 1,
  });
}

/** The transpose of `conv2d` with respect to its image; kernel [c, out / groups, kh, kw]. */
export function convTranspose2d(
  x: Value,
  kernel: Value,
  options: Partial<Convolution & { outputPads: readonly [number, number] }> = {},
): Value {
  return build("convTranspose2d", [x, kernel], {
    strides: options.strides ?? [1, 1],
    pads: options.pads ?? [0, 0, 0, 0],
    dilations: options.dilations ?? [1, 1],
    groups: options.groups ?? 1,
    outputPads: options.outputPads ?? [0, 0],
  });
}

type PoolingOptions = { readonly kernel: Pooling["kernel"] } & Partial<Pooling>;

/** Largest element of each window; the padding never wins. The first of equal ones gets the gradient. */
export function maxPool2d(x: Value, options: PoolingOptions): Value {
  return build("maxPool2d", [x], withPoolingDefaults(options));
}

/** Mean of each window; padding counts as zeros, as PyTorch's default does. */
export function avgPool2d(x: Value, options: PoolingOptions): Value {
  return build("avgPool2d", [x], withPoolingDefaults(options));
}

function withPoolingDefaults(options: PoolingOptions): Pooling {
  return {
    kernel: options.kernel,
    strides: options.strides ?? options.kernel,
    pads: options.pads ?? [0, 0, 0, 0],
  };
}

/**
 * Apply one matrix to the rows and one to the columns of x [n, c, h, w].
 *
 * Every separable linear filter is of this form: y = R x Cᵀ. Two matrix
 * products, and the gradient is two more.
 */
export function separable(x: Value, rows: Value, columns: Value): Value {
  return matMul(matMul(rows, x), columns, { transposeB: true });
}

/** Bilinear interpolation to [n, c, height, width], half-pixel centres, edges clamped (PyTorch's `align_corners=False`). */
export function resizeBilinear(x: Value, size: readonly [number, number]): Value {
  const [height, width] = imageSize(x.shape);
  return separable(x, interpolation(height, size[0]), interpolation(width, size[1]));
}

/** `resizeBilinear` with channels last: x [n, h, w, c] → [n, height, width, c]. */
export function resizePixels(x: Value, size: readonly [number, number]): Value {
  const [n = 1, h = 1, w = 1, channels = 1] = x.shape;
  const [height, width] = size;
  const wide = matMul(interpolation(w, width), reshape(x, [n * h, w, channels]));
  const tall = matMul(interpolation(h, height), reshape(wide, [n, h, width * channels]));
  return reshape(tall, [n, height, width, channels]);
}

function imageSize(shape: Shape): [number, number] {
  return [shape.at(-2) ?? 1, shape.at(-1) ?? 1];
}

/** [to, from] weights of linear interpolation between samples with half-pixel centres. */
function interpolation(from: number, to: number): Value {
  const weights = new Float32Array(to * from);
  for (let row = 0; row < to; row++) {
    const centre = Math.min(Math.max(((row + 0.5) * from) / to - 0.5, 0), from - 1);
    const left = Math.floor(centre);
    const right = Math.min(left + 1, from - 1);
    weights[row * from + left] = (weights[row * from + left] ?? 0) + 1 - (centre - left);
    weights[row * from + right] = (weights[row * from + right] ?? 0) + centre - left;
  }
  return constant(float32([to, from], weights));
}

/**
 * Gaussian smoothing of x [n, c, h, w] with the borders mirrored (`d c b a | a b c d`),
 * cut at four standard deviations: the definition of `scipy.ndimage.gaussian_filter`.
 *
 * @param sigma standard deviation in pixels
 */
export function gaussianBlur(x: Value, sigma: number): Value {
  const [height, width] = imageSize(x.shape);
  return separable(x, smoothing(height, sigma), smoothing(width, sigma));
}

/** [extent, extent] weights of Gaussian smoothing along one mirrored axis. */
function smoothing(extent: number, sigma: number): Value {
  const identity = Float32Array.from({ length: extent * extent }, (_, index) =>
    Number(index % (extent + 1) === 0),
  );
  return constant(float32([extent, extent], smoothRows(identity, extent, sigma)));
}

/**
 * A matrix whose rows lie along one mirrored axis, smoothed along it: the weights of a linear filter
 * with the smoothing that would follow it.
 *
 * @param weights [rows, columns]
 * @param sigma standard deviation in rows
 */
export function smoothRows(weights: Float32Array, rows: number, sigma: number): Float64Array {
  const columns = weights.length / rows;
  const kernel = gaussianKernel(sigma);
  const radius = (kernel.length - 1) / 2;
  const smooth = new Float64Array(weights.length);
  for (let row = 0; row < rows; row++) {
    const to = row * columns;
    for (const [index, share] of kernel.entries()) {
      const from = mirror(row + index - radius, rows) * columns;
      for (let column = 0; column < columns; column++) {
        smooth[to + column] = (smooth[to + column] ?? 0) + share * (weights[from + column] ?? 0);
      }
    }
  }
  return smooth;
}

/** Weights that sum to 1, cut at four standard deviations. */
function gaussianKernel(sigma: number): number[] {
  const radius = Math.floor(4 * sigma + 0.5);
  const kernel = Array.from({ length: 2 * radius + 1 }, (_, index) =>
    Math.exp(-((index - radius) ** 2) / (2 * sigma * sigma)),
  );
  const total = kernel.reduce((sum, weight) => sum + weight, 0);
  return kernel.map((weight) => weight / total);
}

/** The index inside 0 … extent − 1 that a mirrored axis shows at `index`. */
function mirror(index: number, extent: number): number {
  const period = 2 * extent;
  const place = ((index % period) + period) % period;
  return place < extent ? place : period - 1 - place;
}
