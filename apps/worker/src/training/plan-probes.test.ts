import { describe, expect, test } from "vitest";

import { planProbes } from "./plan-probes.ts";

function keptSteps(steps: number): number[] {
  const plan = planProbes(steps);
  const isShown = (step: number) => step === 1 || step % plan.everySteps === 0 || step === steps;
  return Array.from({ length: steps }, (_, i) => i + 1).filter(
    (step) => isShown(step) && plan.isKept(step),
  );
}

describe("planProbes", () => {
  test.each([1, 2, 5, 24, 100, 400, 401, 30_000])("%i steps: first and last are kept", (steps) => {
    const kept = keptSteps(steps);
    expect(kept[0]).toBe(1);
    expect(kept.at(-1)).toBe(steps);
    expect(kept.length).toBeLessThanOrEqual(15);
  });

  test("a usual run is watched about ten times, most at first", () => {
    const kept = keptSteps(400);
    expect(kept.length).toBeGreaterThanOrEqual(10);
    const gaps = kept.slice(1).map((step, i) => step - (kept[i] ?? 0));
    expect(gaps[1]).toBeLessThan(gaps.at(-2) ?? 0);
  });
});
