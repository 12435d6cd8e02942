import { expect, test } from "vitest";

import { topMean } from "./top-mean.ts";

test("averages the highest values, rounding their number up", () => {
  const values = Float32Array.of(1, 5, -2, 4, 3);
  expect(topMean(values, 1)).toBe(5);
  expect(topMean(values, 1.2)).toBe(4.5);
  expect(topMean(values, 3)).toBe(4);
  expect(topMean(values, 99)).toBeCloseTo(11 / 5, 6);
  expect(topMean(values, 0)).toBe(5);
  expect([...values]).toEqual([1, 5, -2, 4, 3]);
});
