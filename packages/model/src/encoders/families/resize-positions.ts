import { float32, type Tensor } from "../../tensor/index.ts";

/**
 * How a grid of positions is brought to another side, both as PyTorch's `interpolate` with
 * `align_corners=False`: `bicubic` convolves with Keys' kernel of a = −0.75 and repeats the edge;
 * `antialiased` has a = −0.5, widens the kernel when it shrinks, and cuts it at the edge.
 */
export type PositionFilter = "bicubic" | "antialiased";

/** Keys 1981: the cubic convolution kernel of half-width 2. */
function cubic(x: number, a: number): number {
  const t = Math.abs(x);
  if (t < 1) return ((a + 2) * t - (a + 3)) * t * t + 1;
  if (t < 2) return (((t - 5) * t + 8) * t - 4) * a;
  return 0;
}

function bicubicRow(row: Float64Array, centre: number): void {
  const left = Math.floor(centre);
  for (let tap = left - 1; tap <= left + 2; tap++) {
    const at = Math.min(Math.max(tap, 0), row.length - 1);
    row[at] = (row[at] ?? 0) + cubic(centre - tap, -0.75);
  }
}

function antialiasedRow(row: Float64Array, centre: number, scale: number): void {
  const widening = Math.max(scale, 1);
  const start = Math.max(Math.floor(centre + 0.5 - 2 * widening + 0.5), 0);
  const end = Math.min(Math.floor(centre + 0.5 + 2 * widening + 0.5), row.length);
  let total = 0;
  for (let tap = start; tap < end; tap++) {
    const weight = cubic((tap - centre) / widening, -0.5);
    row[tap] = weight;
    total += weight;
  }
  for (let tap = start; tap < end; tap++) row[tap] = (row[tap] ?? 0) / total;
}

/** One row of weights over `from` samples for each of `to` samples. */
function resizeRows(from: number, to: number, filter: PositionFilter): Float64Array[] {
  const scale = from / to;
  return Array.from({ length: to }, (_, index) => {
    const row = new Float64Array(from);
    const centre = scale * (index + 0.5) - 0.5;
    if (filter === "bicubic") bicubicRow(row, centre);
    else antialiasedRow(row, centre, scale);
    return row;
  });
}

/** out[i] = Σⱼ rows[i][j] blocks[j], where a block is `width` neighbouring values. */
function weighted(blocks: Float64Array, rows: readonly Float64Array[], width: number) {
  const out = new Float64Array(rows.length * width);
  for (const [to, row] of rows.entries()) {
    for (const [from, weight] of row.entries()) {
      if (weight === 0) continue;
      for (let i = 0; i < width; i++) {
        out[to * width + i] = (out[to * width + i] ?? 0) + weight * (blocks[from * width + i] ?? 0);
      }
    }
  }
  return out;
}

export type PositionResize = {
  /** Tokens before the grid, whose positions stay as they are. */
  readonly leading: number;
  readonly side: number;
  readonly filter: PositionFilter;
};

/**
 * Positions of a square grid resized to `side` tokens a row.
 *
 * @param positions [leading + from², width], with or without a leading axis of 1
 * @returns [1, leading + side², width]
 * @throws when the grid is not square
 */
export function resizePositions(
  positions: Tensor,
  { leading, side, filter }: PositionResize,
): Tensor {
  const width = positions.shape.at(-1) ?? 1;
  const count = (positions.shape.at(-2) ?? 0) - leading;
  const from = Math.round(Math.sqrt(count));
  if (from < 1 || from ** 2 !== count) {
    throw new Error(`Expected positions of a square grid of tokens, got ${count} of them.`);
  }
  const values = positions.data as Float32Array;
  if (from === side) return float32([1, leading + count, width], values);

  const rows = resizeRows(from, side, filter);
  const grid = Float64Array.from(values.subarray(leading * width));
  const tall = weighted(grid, rows, from * width);
  const out = new Float32Array((leading + side ** 2) * width);
  out.set(values.subarray(0, leading * width));
  for (let row = 0; row < side; row++) {
    const line = tall.subarray(row * from * width, (row + 1) * from * width);
    out.set(weighted(line, rows, width), (leading + row * side) * width);
  }
  return float32([1, leading + side ** 2, width], out);
}
