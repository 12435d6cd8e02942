import { expect, test } from "vitest";

import { neighbourMask } from "./query-transformer.ts";

test("a token sees nothing of the square around itself, and all else", () => {
  const mask = neighbourMask(5, 3);
  const hiddenFrom = (token: number): number[] =>
    [...mask.subarray(25 * token, 25 * (token + 1)).entries()]
      .filter(([, value]) => value < 0)
      .map(([to]) => to);
  expect(hiddenFrom(12)).toEqual([6, 7, 8, 11, 12, 13, 16, 17, 18]);
  expect(hiddenFrom(0)).toEqual([0, 1, 5, 6]);
  expect(hiddenFrom(9)).toEqual([3, 4, 8, 9, 13, 14]);
});

test("a side of 0 hides nothing", () => {
  expect(neighbourMask(3, 0).every((value) => value === 0)).toBe(true);
});
