/** Widest Gaussian that is summed tap by tap; broader ones are three box passes. */
const TAPPED_SIGMA = 2.5;

/** Rows convolved with a symmetric kernel, transposed so that a second call does the columns. */
function convolveRows(from: Float32Array, kernel: Float32Array, size: number): Float32Array {
  const reach = kernel.length - 1;
  const padded = new Float32Array(size + 2 * reach);
  const out = new Float32Array(from.length);
  for (let row = 0; row < size; row++) {
    const base = row * size;
    padded.fill(from[base] ?? 0, 0, reach);
    padded.set(from.subarray(base, base + size), reach);
    padded.fill(from[base + size - 1] ?? 0, reach + size);
    for (let column = 0; column < size; column++) {
      const middle = column + reach;
      let sum = (kernel[0] ?? 0) * (padded[middle] ?? 0);
      for (let k = 1; k <= reach; k++) {
        sum += (kernel[k] ?? 0) * ((padded[middle - k] ?? 0) + (padded[middle + k] ?? 0));
      }
      out[column * size + row] = sum;
    }
  }
  return out;
}

function boxRows(from: Float32Array, reach: number, size: number): Float32Array {
  const out = new Float32Array(from.length);
  const share = 1 / (2 * reach + 1);
  for (let row = 0; row < size; row++) {
    const base = row * size;
    const first = from[base] ?? 0;
    const last = from[base + size - 1] ?? 0;
    // The window that is centred one pixel before the row.
    let sum = (reach + 1) * first;
    for (let k = 0; k < reach; k++) sum += from[base + Math.min(k, size - 1)] ?? 0;
    for (let column = 0; column < size; column++) {
      const enters = column + reach;
      const leaves = column - reach - 1;
      sum += enters < size ? (from[base + enters] ?? 0) : last;
      sum -= leaves >= 0 ? (from[base + leaves] ?? 0) : first;
      out[column * size + row] = sum * share;
    }
  }
  return out;
}

/**
 * Gaussian blur of a square plane; the border repeats its edge pixels.
 *
 * @param sigma in pixels; beyond 2.5 approximated by three box filters (Wells 1986)
 */
export function blur(plane: Float32Array, size: number, sigma: number): Float32Array {
  if (sigma < 0.2) return plane.slice();
  if (sigma > TAPPED_SIGMA) {
    const reach = Math.max(1, Math.round((Math.sqrt(4 * sigma * sigma + 1) - 1) / 2));
    let out = plane;
    for (let pass = 0; pass < 3; pass++) out = boxRows(boxRows(out, reach, size), reach, size);
    return out;
  }
  const reach = Math.ceil(3 * sigma);
  const half = Float32Array.from({ length: reach + 1 }, (_, k) =>
    Math.exp(-(k ** 2) / (2 * sigma * sigma)),
  );
  const total = half.reduce((sum, weight, k) => sum + (k === 0 ? weight : 2 * weight), 0);
  const kernel = half.map((weight) => weight / total);
  return convolveRows(convolveRows(plane, kernel, size), kernel, size);
}
