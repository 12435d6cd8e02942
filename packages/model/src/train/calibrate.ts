import type { AnomalyMap } from "../data/anomaly-map.ts";
import { topMean } from "../methods/top-mean.ts";
import type { ScoreScale } from "./train-events.ts";

/** Normal images scored for the statistics: more do not move a median or a 99th percentile much. */
const MAX_IMAGES = 64;

/** How the images that a detector learned from score; test images score somewhat higher. */
export type ScoreStatistics = {
  readonly images: number;
  readonly mean: number;
  readonly deviation: number;
  readonly max: number;
};

/** How one normal image scores. */
export type CalibrationSample = { readonly score: number; readonly map: AnomalyMap };

export type Calibration = { readonly scale: ScoreScale; readonly scores: ScoreStatistics };

/** Every k-th item, so that at most `count` are left. */
function spread<T>(items: readonly T[], count: number): T[] {
  const every = Math.max(1, Math.ceil(items.length / count));
  return items.filter((_, index) => index % every === 0);
}

function median(values: Float32Array): number {
  const sorted = Float32Array.from(values).sort();
  return sorted[sorted.length >> 1] ?? 0;
}

/**
 * The fixed display scale and the score statistics of a detector, from its normal images.
 *
 * The scale begins at the median pixel and ends at three times the height at which normal images
 * peak (mean of the maxima): a normal image stays in the lower third, and one colour means one
 * value on every image.
 */
export async function* calibrate(
  samples: AsyncIterable<CalibrationSample>,
): AsyncGenerator<number, Calibration, void> {
  const scores: number[] = [];
  const medians: number[] = [];
  const peaks: number[] = [];
  for await (const { score, map } of samples) {
    scores.push(score);
    medians.push(median(map.values));
    peaks.push(topMean(map.values, 1));
    yield scores.length;
  }
  const mean = average(scores);
  const deviation = Math.sqrt(average(scores.map((score) => (score - mean) ** 2)));
  const min = average(medians);
  return {
    scale: { min, max: min + 3 * Math.max(average(peaks) - min, 1e-6) },
    scores: { images: scores.length, mean, deviation, max: Math.max(...scores) },
  };
}

/** The images that `calibrate` is given. */
export function calibrationImages<T>(images: readonly T[]): T[] {
  return spread(images, MAX_IMAGES);
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
