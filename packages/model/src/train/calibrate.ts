import type { AnomalyMap } from "../data/anomaly-map.ts";
import { topMean } from "../methods/top-mean.ts";
import type { ScoreScale } from "./train-events.ts";

/** Normal images scored for the statistics: more do not move a median or a 99th percentile much. */
const MAX_IMAGES = 64;
/** However many categories share these, each is measured on so many, if it has them. */
const LEAST_IMAGES_A_CATEGORY = 16;
/** A deviation of fewer says too little: such a category is judged by the statistics of all. */
const FEWEST_FOR_A_DEVIATION = 8;

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

/** Of one image: its score, the median of its map and the map's peak. */
type Reading = { readonly score: number; readonly median: number; readonly peak: number };

/** Every k-th item, so that at most `count` are left. */
function spread<T>(items: readonly T[], count: number): T[] {
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

/**
 * The fixed display scales and the score statistics of a detector, from its normal images.
 *
 * A scale begins at the median pixel and ends at three times the height at which normal images
 * peak (mean of the maxima): a normal image stays in the lower third, and one colour means one
 * value on every image of a category. Products differ in how well a detector rebuilds them, so
 * each has a scale and statistics of its own.
 */
export async function* calibrate(
  samples: AsyncIterable<CalibrationSample>,
): AsyncGenerator<number, Calibrations, void> {
  const all: Reading[] = [];
  const groups = new Map<string, Reading[]>();
  for await (const { category, score, map } of samples) {
    const reading = { score, median: median(map.values), peak: topMean(map.values, 1) };
    all.push(reading);
    groups.set(category, [...(groups.get(category) ?? []), reading]);
    yield all.length;
  }
  const measured = [...groups]
    .filter(([, readings]) => readings.length >= FEWEST_FOR_A_DEVIATION)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    ...calibrationOf(all),
    byCategory: Object.fromEntries(
      measured.map(([category, readings]) => [category, calibrationOf(readings)]),
    ),
  };
}

/** Numbers of the images that `calibrate` is given, in order: of each category about as many. */
export function calibrationImages(categories: readonly string[]): number[] {
  const groups = new Map<string, number[]>();
  for (const [index, category] of categories.entries()) {
    groups.set(category, [...(groups.get(category) ?? []), index]);
  }
  const share = Math.max(LEAST_IMAGES_A_CATEGORY, Math.floor(MAX_IMAGES / groups.size));
  return [...groups.values()].flatMap((images) => spread(images, share)).sort((a, b) => a - b);
}
