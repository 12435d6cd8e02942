import { expect, test } from "vitest";

import { formatDuration } from "./format-duration.ts";

test.each([
  [0.2, "under 1 s"],
  [4.4, "4 s"],
  [59.6, "1 min"],
  [520, "8 min 40 s"],
  [1800, "30 min"],
  [7500, "2 h 5 min"],
  [7200, "2 h"],
])("%d seconds read %s", (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

test("shows a dash for a time that is not known", () => {
  expect(formatDuration(Number.POSITIVE_INFINITY)).toBe("–");
});
