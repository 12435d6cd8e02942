import type { Calibration, Calibrations, ScoreStatistics } from "../train/calibrate.ts";

/** What holds for a category: its own calibration, or that of all where it has none. */
export function calibrationFor(all: Calibrations, category: string | null): Calibration {
  return (category === null ? undefined : all.byCategory[category]) ?? all;
}

/**
 * How many standard deviations a score lies above the mean of good training images.
 *
 * A thousandth of the mean is the least standard deviation, so that good images which all score the same do
 * not make every other score endless.
 */
export function zScore(score: number, { mean, deviation }: ScoreStatistics): number {
  return (score - mean) / Math.max(deviation, 1e-3 * Math.abs(mean), 1e-9);
}
