import { gaugeStride, type RunPoint } from "@loupe/contracts";
import { expect, test } from "vitest";

import { hasGauges, tidyPoint, withoutGauges } from "./tidy-point.ts";

const point = (step: number): RunPoint => ({
  step,
  loss: 1,
  terms: { distil: 0.5, "experts/0": 0.2, "solver/residual": 1e-6 },
});

test.each([1, 7, 999, 1_000, 1_001, 2_500, 15_000])(
  "keeps every part of the loss of %d steps, and gauges of at most a thousand with the last one",
  (steps) => {
    const kept = Array.from({ length: steps }, (_, i) => tidyPoint(point(i + 1), steps));
    expect(kept.every(({ terms }) => terms["distil"] === 0.5)).toBe(true);
    const gauged = kept.filter(hasGauges);
    expect(gauged.length).toBeLessThanOrEqual(1_001);
    expect(gauged.length).toBeGreaterThanOrEqual(Math.min(steps, 500));
    expect(gauged.at(-1)?.step).toBe(steps);
  },
);

test("a short run keeps everything", () => {
  expect(gaugeStride(1_000)).toBe(1);
  expect(tidyPoint(point(7), 1_000)).toEqual(point(7));
});

test("leaves out what is no number", () => {
  const broken = { ...point(1), terms: { distil: Number.NaN, "experts/0": Infinity, push: 1 } };
  expect(tidyPoint(broken, 10).terms).toEqual({ push: 1 });
});

test("takes the gauges off", () => {
  expect(withoutGauges(point(3)).terms).toEqual({ distil: 0.5 });
});
