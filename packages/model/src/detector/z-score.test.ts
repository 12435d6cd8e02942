import { expect, test } from "vitest";

import { calibrationFor, zScore } from "./z-score.ts";

const of = (mean: number, deviation: number) => ({
  scale: { min: 0, max: mean },
  scores: { images: 9, mean, deviation, max: mean },
});

test("a category's own statistics come before those of all", () => {
  const all = { ...of(2, 1), byCategory: { board: of(4, 0.5) } };
  expect(zScore(5, calibrationFor(all, "board").scores)).toBe(2);
  expect(zScore(5, calibrationFor(all, "cap").scores)).toBe(3);
  expect(zScore(1, calibrationFor(all, null).scores)).toBe(-1);
});

test("good images that all score the same leave a finite number", () => {
  expect(zScore(3, of(2, 0).scores)).toBeCloseTo(500);
  expect(zScore(0, of(0, 0).scores)).toBe(0);
});
