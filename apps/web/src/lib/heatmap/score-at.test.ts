import { expect, test } from "vitest";

import { scoreAt, scoreRange, upperHalfScale } from "./score-at.ts";

const map = { width: 3, height: 2, values: Float32Array.of(1, 2, 3, 4, 5, 6) };

test("finds the cell under a point", () => {
  expect(scoreAt(map, 0, 0)).toBe(1);
  expect(scoreAt(map, 0.99, 0)).toBe(3);
  expect(scoreAt(map, 0.5, 0.5)).toBe(5);
});

test("knows no score outside of the picture", () => {
  expect(scoreAt(map, 1, 0)).toBeNull();
  expect(scoreAt(map, 0.2, -0.01)).toBeNull();
});

test("spans all maps, and has nothing to say of none", () => {
  expect(scoreRange([map, { width: 1, height: 1, values: Float32Array.of(-2) }])).toEqual({
    min: -2,
    max: 6,
  });
  expect(scoreRange([])).toBeNull();
});

test("scales from the median to the largest of all maps together", () => {
  const other = { width: 2, height: 1, values: Float32Array.of(-9, 40) };
  expect(upperHalfScale([map, other])).toEqual({ min: 4, max: 40 });
  expect(upperHalfScale([])).toBeNull();
});
