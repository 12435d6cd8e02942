import type { AnomalyMap } from "../data/anomaly-map.ts";

/** What standard values are counted from and in at each cell of the token grid, both [grid²]. */
export type CellStatistics = {
  /** Half of what good images have there. */
  readonly base: Float32Array;
  /** Their standard deviation there plus the average one: no cell is so steady that a trifle counts. */
  readonly spread: Float32Array;
};

/** The same for images of a category that is not known: two numbers for every cell. */
export type OverallStatistics = { readonly base: number; readonly spread: number };

/**
 * Share of the mean that is subtracted, and of the average standard deviation that is added to a
 * cell's own. With the whole mean subtracted, a cell that is warm on good images would have to be
 * warmer still, but a part that is missing there leaves it colder (decision 0016 has the figures).
 */
const BASE_SHARE = 0.5;
const STEADINESS = 1;
/** A map that never changes still divides. */
const LEAST_SPREAD = 1e-6;

/** The average of a map over each cell of a grid of `grid` × `grid`, [grid²]. */
export function pooled({ width, height, values }: AnomalyMap, grid: number): Float32Array {
  const cells = new Float32Array(grid * grid);
  const edge = (cell: number, size: number): number => Math.round((cell * size) / grid);
  for (let row = 0; row < grid; row++) {
    for (let column = 0; column < grid; column++) {
      const [top, bottom] = [edge(row, height), edge(row + 1, height)];
      const [left, right] = [edge(column, width), edge(column + 1, width)];
      let sum = 0;
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) sum += values[y * width + x] ?? 0;
      }
      cells[row * grid + column] = sum / Math.max(1, (bottom - top) * (right - left));
    }
  }
  return cells;
}

/** Mean and standard deviation, two passes in double precision. */
function moments(values: readonly number[]): { mean: number; std: number } {
  const count = Math.max(1, values.length);
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
  return { mean, std: Math.sqrt(square) };
}

/** Statistics of each cell over the pooled maps of some images. */
export function cellStatistics(maps: readonly Float32Array[]): CellStatistics {
  const count = maps[0]?.length ?? 0;
  const found = Array.from({ length: count }, (_, cell) =>
    moments(maps.map((map) => map[cell] ?? 0)),
  );
  const average = moments(found.map(({ std }) => std)).mean;
  return {
    base: Float32Array.from(found, ({ mean }) => BASE_SHARE * mean),
    spread: Float32Array.from(found, ({ std }) =>
      Math.max(std + STEADINESS * average, LEAST_SPREAD),
    ),
  };
}

/** Statistics over all cells of all images. */
export function overallStatistics(maps: readonly Float32Array[]): OverallStatistics {
  const { mean, std } = moments(maps.flatMap((map) => [...map]));
  return {
    base: BASE_SHARE * mean,
    spread: Math.max((1 + STEADINESS) * std, LEAST_SPREAD),
  };
}

/** The same two numbers in every cell of a grid. */
export function everywhere({ base, spread }: OverallStatistics, grid: number): CellStatistics {
  return {
    base: new Float32Array(grid * grid).fill(base),
    spread: new Float32Array(grid * grid).fill(spread),
  };
}

/** (value − base) / spread of every cell. */
export function standardCells(cells: Float32Array, statistics: CellStatistics): Float32Array {
  return cells.map(
    (value, at) => (value - (statistics.base[at] ?? 0)) / (statistics.spread[at] ?? 1),
  );
}

/** Between the centres of a grid's cells, bilinearly; beyond the outermost centres as at these. */
export function spreadOut(cells: Float32Array, grid: number, side: number): Float32Array {
  const at = (pixel: number): { low: number; high: number; share: number } => {
    const position = Math.min(Math.max(((pixel + 0.5) * grid) / side - 0.5, 0), grid - 1);
    const low = Math.floor(position);
    return { low, high: Math.min(low + 1, grid - 1), share: position - low };
  };
  const columns = Array.from({ length: side }, (_, x) => at(x));
  const values = new Float32Array(side * side);
  for (let y = 0; y < side; y++) {
    const { low: upper, high: lower, share: down } = at(y);
    for (const [x, { low, high, share }] of columns.entries()) {
      const along = (row: number): number =>
        (cells[row * grid + low] ?? 0) * (1 - share) + (cells[row * grid + high] ?? 0) * share;
      values[y * side + x] = along(upper) * (1 - down) + along(lower) * down;
    }
  }
  return values;
}
