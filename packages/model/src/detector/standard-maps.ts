import type { AnomalyMap } from "../data/anomaly-map.ts";
import type { StandardScoring } from "../train/calibrate.ts";
import {
  everywhere,
  type CellStatistics,
  pooled,
  spreadOut,
  standardCells,
} from "../train/cell-statistics.ts";

type Outcome = { readonly score: number; readonly map: AnomalyMap };

/** Statistics on the grid, and as large as a map. */
type Prepared = { readonly cells: CellStatistics; readonly pixels: CellStatistics };

/**
 * Brings anomaly maps into standard deviations above what good images of the category have in each
 * cell: (S − μ / 2) / (σ + σ̄), with mean μ and standard deviation σ of the cell and σ̄ their average.
 *
 * What a decoder never rebuilds well, such as the print of a chip, is warm on every good board at
 * the same place, and hides faults that are fainter. The statistics are on the token grid, where
 * they were measured, and read bilinearly between its cells' centres.
 */
export class StandardMaps {
  readonly #scoring: StandardScoring;
  readonly #grid: number;
  readonly #imageScore: (tokens: Float32Array, map: Float32Array) => number;
  readonly #prepared = new Map<string, Prepared>();

  /** @param imageScore the method's own, which is given standard values instead of raw ones */
  constructor(
    scoring: StandardScoring,
    grid: number,
    imageScore: (tokens: Float32Array, map: Float32Array) => number,
  ) {
    this.#scoring = scoring;
    this.#grid = grid;
    this.#imageScore = imageScore;
  }

  standardise(map: AnomalyMap, category: string): Outcome {
    const { cells, pixels } = this.#statistics(category, map.width);
    const values = standardCells(map.values, pixels);
    const tokens = standardCells(pooled(map, this.#grid), cells);
    return { score: this.#imageScore(tokens, values), map: { ...map, values } };
  }

  #statistics(category: string, side: number): Prepared {
    const known = this.#prepared.get(category);
    if (known !== undefined) return known;
    const cells = this.#scoring.cells[category] ?? everywhere(this.#scoring.overall, this.#grid);
    const grow = (values: Float32Array): Float32Array => spreadOut(values, this.#grid, side);
    const prepared = {
      cells,
      pixels: { base: grow(cells.base), spread: grow(cells.spread) },
    };
    this.#prepared.set(category, prepared);
    return prepared;
  }
}
