import { linear, reshape, type Value } from "../graph/index.ts";
import { gatherRows, NO_ROW } from "./gather-rows.ts";
import { winogradConvolution } from "./winograd.ts";

/**
 * Convolution of pixels x [n, h, w, c] with a kernel [k, k, c, out], k odd, at every `stride`th pixel,
 * zeros beyond the border: [n, ⌈h / stride⌉, ⌈w / stride⌉, out].
 *
 * With channels last a pixel is one piece of memory, and what is not Winograd's is one matrix product
 * over the pixels that the kernel's taps read.
 */
export function convolution(x: Value, kernel: Value, stride: 1 | 2 = 1): Value {
  const [n = 1, h = 1, w = 1, channels = 1] = x.shape;
  const [side = 1, , , width = 1] = kernel.shape;
  if (side === 3 && stride === 1) return winogradConvolution(x, kernel);
  const [down, across] = [Math.ceil(h / stride), Math.ceil(w / stride)];
  const isByPixel = side === 1 && stride === 1;
  const rows = tapRows({ n, h, w }, { side, stride });
  const seen = isByPixel ? x : gatherRows(reshape(x, [n * h * w, channels]), rows);
  const patches = reshape(seen, [n * down * across, side * side * channels]);
  const weight = reshape(kernel, [side * side * channels, width]);
  return reshape(linear(patches, weight, null), [n, down, across, width]);
}

/** For each place and each tap of a kernel the pixel that it reads, by its row in [n h w, c]. */
function tapRows(
  { n, h, w }: { readonly n: number; readonly h: number; readonly w: number },
  { side, stride }: { readonly side: number; readonly stride: number },
): Int32Array {
  const [down, across] = [Math.ceil(h / stride), Math.ceil(w / stride)];
  const border = (side - 1) / 2;
  return Int32Array.from({ length: n * down * across * side * side }, (_, index) => {
    const tap = index % (side * side);
    const place = Math.floor(index / (side * side));
    const image = Math.floor(place / (down * across));
    const y = stride * (Math.floor(place / across) % down) + Math.floor(tap / side) - border;
    const x = stride * (place % across) + (tap % side) - border;
    const isInside = y >= 0 && y < h && x >= 0 && x < w;
    return isInside ? (image * h + y) * w + x : NO_ROW;
  });
}
