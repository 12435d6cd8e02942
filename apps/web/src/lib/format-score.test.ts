import { expect, test } from "vitest";

import { formatScore } from "./format-score.ts";

test.each([
  [0, "0.000"],
  [0.8312, "0.831"],
  [1.0912, "1.09"],
  [13.64, "13.6"],
  [412.2, "412"],
  [0.00042, "4.2e-4"],
  [Number.NaN, "–"],
])("%d reads %s", (score, text) => {
  expect(formatScore(score)).toBe(text);
});
