import { expect, test } from "vitest";

import { formatStandardScore } from "./format-standard-score.ts";

test.each([
  [0, "0.0 σ"],
  [-0.04, "0.0 σ"],
  [-1.26, "−1.3 σ"],
  [4.249, "4.2 σ"],
  [99.96, "100 σ"],
  [412.2, "412 σ"],
  [Number.NaN, "–"],
])("%d reads %s", (score, text) => {
  expect(formatStandardScore(score)).toBe(text);
});
