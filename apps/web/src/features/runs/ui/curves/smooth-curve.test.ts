import { expect, test } from "vitest";

import { smoothCurve } from "./smooth-curve.ts";

test.each(["log", "linear"] as const)("leaves a constant alone from the start (%s)", (scale) => {
  for (const value of smoothCurve(
    Array.from({ length: 50 }, () => 0.7),
    scale,
  )) {
    expect(value).toBeCloseTo(0.7, 12);
  }
});

test("follows a fall with less noise", () => {
  const losses = Array.from({ length: 200 }, (_, i) => 1 - i / 400 + (i % 2 === 0 ? 0.2 : -0.2));
  const jumps = (values: (number | null)[]) =>
    values.slice(1).reduce<number>((sum, value, i) => sum + Math.abs(value! - values[i]!), 0);
  const smooth = smoothCurve(losses, "log");
  expect(jumps(smooth)).toBeLessThan(jumps(losses) / 4);
  expect(smooth.at(-1)).toBeLessThan(0.65);
});

test("passes over gaps, and below zero on a linear scale", () => {
  expect(smoothCurve([null, 2, null, 2], "log")).toEqual([null, 2, null, 2]);
  expect(smoothCurve([-1, -1], "linear").at(-1)).toBeCloseTo(-1, 12);
});
