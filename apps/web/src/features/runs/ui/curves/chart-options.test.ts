import { expect, test } from "vitest";
import type UPlot from "uplot";

import { chartOptions, type ChartFacts } from "./chart-options.ts";

/** What uPlot would draw lines at. */
function splitsOf(facts: Pick<ChartFacts, "scale" | "steps">, axis: 0 | 1, range: number[]) {
  const colours = {} as ChartFacts["colours"];
  const { axes } = chartOptions({ colours, incidents: [], ...facts }, []);
  const splits = axes?.[axis]?.splits;
  if (typeof splits !== "function") throw new Error("Expected lines of our own, got uPlot's");
  const chart = { width: 640, height: 260 } as UPlot;
  const [min = 0, max = 0] = range;
  return splits(chart, axis, min, max, 0, 0);
}

// At step 11 of 30 the loss lay between 0.0098 and 0.4: uPlot's own search never ended.
test.each(["log", "linear", "share"] as const)("no axis is left to uPlot's search: %s", (scale) => {
  for (const range of [
    [0.0095, 0.43],
    [0.95, 1.04],
    [9.5e-7, 1e-6],
    [0, 1],
  ]) {
    const splits = splitsOf({ scale, steps: 30 }, 1, range);
    expect(splits.length).toBeGreaterThan(1);
    expect(splits.length).toBeLessThan(60);
  }
});

test.each([1, 2, 11, 30, 1e7])("the axis of %i steps has whole ones", (steps) => {
  const splits = splitsOf({ scale: "log", steps }, 0, [0, steps]);
  expect(splits.length).toBeGreaterThan(1);
  expect(splits.length).toBeLessThan(20);
  for (const split of splits) expect(Number.isInteger(split)).toBe(true);
});
