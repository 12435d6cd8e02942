import { expect, test } from "vitest";

import { chosenAxes } from "./fixed-axes.ts";

/** 90 % of the variance in the first axis, signal up to the eighth, noise behind. */
const values = Float64Array.from([900, 30, 20, 15, 12, 10, 5, 4, 2, 1, 0.5, 0.5]);

test("the last columns are the smallest axes that still carry signal", () => {
  expect(chosenAxes(values, 6, 2)).toEqual([0, 1, 2, 3, 5, 6]);
});

test("a projection that is wide enough has all axes in order", () => {
  expect(chosenAxes(values, 12, 3)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  expect(chosenAxes(values, 64, 16)).toHaveLength(12);
});

test("without low columns it is the largest axes", () => {
  expect(chosenAxes(values, 3, 0)).toEqual([0, 1, 2]);
});
