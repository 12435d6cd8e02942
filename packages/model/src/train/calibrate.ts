import type { AnomalyMap } from "../data/anomaly-map.ts";
import { topMean } from "../methods/shared/top-mean.ts";
import {
  everywhere,
  type OverallStatistics,
  overallStatistics,
  type CellStatistics,
  cellStatistics,
  pooled,
  standardCells,
} from "./cell-statistics.ts";
import type { ScoreScale } from "./train-events.ts";

/** Normal images scored for the statistics. */
const MAX_IMAGES = 320;
/** Of one category, more move a standard deviation little. */
const MOST_IMAGES_A_CATEGORY = 64;
/** However many categories share the images, each is measured on so many, if it has them. */
const LEAST_IMAGES_A_CATEGORY = 16;
/** A standard deviation of fewer says too little: such a category is judged by the statistics of all. */
const FEWEST_FOR_STD = 8;

/** How the images that a detector learned from score; test images score somewhat higher. */
export type ScoreStatistics = {
  readonly images: number;
  readonly mean: number;
  readonly deviation: number;
  readonly max: number;
};

/** How one normal image scores. */
export type CalibrationSample = {
  readonly category: string;
  readonly score: number;
  readonly map: AnomalyMap;
};

/** What the normal images of one category, or of all, look like to a detector. */
export type Calibration = { readonly scale: ScoreScale; readonly scores: ScoreStatistics };

/** A calibration over all images, and one for each category that has enough of them. */
export type Calibrations = Calibration & {
  readonly byCategory: Readonly<Record<string, Calibration>>;
};

/** What scores are held against in each cell of the token grid, for standard scoring. */
export type StandardScoring = {
  /** By category, for each category that has enough images. */
  readonly cells: Readonly<Record<string, CellStatistics>>;
  /** For any other category. */
  readonly overall: OverallStatistics;
};

/** How images are scored: by the method alone, or against what good ones have in each cell. */
export type ScoringPlan = {
  readonly gridSize: number;
  readonly isStandard: boolean;
  /** The method's own, of tokens and map. */
  readonly imageScore: (tokens: Float32Array, map: Float32Array) => number;
};

export type CalibrationResult = {
  /** Of the scores that the detector gives: standard ones with standard scoring. */
  readonly calibration: Calibrations;
  readonly standard: StandardScoring | null;
};

/** Of one image: its score, the median of its map and the map's peak. */
type Reading = { readonly score: number; readonly median: number; readonly peak: number };

/** Of one image as the method alone sees it; the map is kept as its averages over the token grid. */
type Measured = Reading & { readonly category: string; readonly cells: Float32Array };

/** Every k-th item, so that at most `count` are left. */
function evenly<T>(items: readonly T[], count: number): T[] {
  const every = Math.max(1, Math.ceil(items.length / count));
  return items.filter((_, index) => index % every === 0);
}

function median(values: Float32Array): number {
  const sorted = Float32Array.from(values).sort();
  return sorted[sorted.length >> 1] ?? 0;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function calibrationOf(readings: readonly Reading[]): Calibration {
  const scores = readings.map(({ score }) => score);
  const mean = average(scores);
  const min = average(readings.map((reading) => reading.median));
  const peak = average(readings.map((reading) => reading.peak));
  return {
    scale: { min, max: min + 3 * Math.max(peak - min, 1e-6) },
    scores: {
      images: scores.length,
      mean,
      deviation: Math.sqrt(average(scores.map((score) => (score - mean) ** 2))),
      max: Math.max(...scores),
    },
  };
}

function byCategory<T extends { readonly category: string }>(
  items: readonly T[],
): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(item.category);
    if (group === undefined) groups.set(item.category, [item]);
    else group.push(item);
  }
  return new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function hasEnough(readings: readonly unknown[]): boolean {
  return readings.length >= FEWEST_FOR_STD;
}

function calibrationsOf(readings: readonly (Reading & { category: string })[]): Calibrations {
  const groups = [...byCategory(readings)].filter(([, group]) => hasEnough(group));
  return {
    ...calibrationOf(readings),
    byCategory: Object.fromEntries(
      groups.map(([category, group]) => [category, calibrationOf(group)]),
    ),
  };
}

function standardScoring(measured: readonly Measured[]): StandardScoring {
  const groups = [...byCategory(measured)].filter(([, group]) => hasEnough(group));
  const cellsOf = (group: readonly Measured[]) => group.map(({ cells }) => cells);
  return {
    cells: Object.fromEntries(
      groups.map(([category, group]) => [category, cellStatistics(cellsOf(group))]),
    ),
    overall: overallStatistics(cellsOf(measured)),
  };
}

/** How the measured images score once they are held against the cells. */
function standardReadings(
  measured: readonly Measured[],
  { cells: known, overall }: StandardScoring,
  { gridSize, imageScore }: ScoringPlan,
): (Reading & { category: string })[] {
  const elsewhere = everywhere(overall, gridSize);
  return measured.map(({ category, cells }) => {
    const values = standardCells(cells, known[category] ?? elsewhere);
    const score = imageScore(values, values);
    return { category, score, median: median(values), peak: topMean(values, 1) };
  });
}

/**
 * The fixed display scales and the score statistics of a detector, from its normal images, and for
 * standard scoring what these have in each cell.
 *
 * A scale begins at the median pixel and ends at three times the height at which normal images
 * peak (mean of the maxima): a normal image stays in the lower third, and one colour means one
 * value on every image of a category. Products differ in how well a detector rebuilds them, so
 * each has a scale and statistics of its own.
 *
 * Yields the number of images that are done.
 */
export async function* calibrate(
  samples: AsyncIterable<CalibrationSample>,
  plan: ScoringPlan,
): AsyncGenerator<number, CalibrationResult, void> {
  const measured: Measured[] = [];
  for await (const { category, score, map } of samples) {
    const cells = pooled(map, plan.gridSize);
    const peak = topMean(map.values, 1);
    measured.push({ category, cells, score, median: median(map.values), peak });
    yield measured.length;
  }
  if (!plan.isStandard) return { calibration: calibrationsOf(measured), standard: null };
  const standard = standardScoring(measured);
  return { calibration: calibrationsOf(standardReadings(measured, standard, plan)), standard };
}

/** Numbers of the images that `calibrate` is given, in order: of each category about as many. */
export function calibrationImages(categories: readonly string[]): number[] {
  const groups = byCategory(categories.map((category, index) => ({ category, index })));
  const share = Math.max(LEAST_IMAGES_A_CATEGORY, Math.floor(MAX_IMAGES / groups.size));
  return [...groups.values()]
    .flatMap((images) => evenly(images, Math.min(share, MOST_IMAGES_A_CATEGORY)))
    .map(({ index }) => index)
    .sort((a, b) => a - b);
}
