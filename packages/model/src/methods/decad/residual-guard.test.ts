import { expect, test } from "vitest";

import { residualGuard } from "./residual-guard.ts";

const at = (residual: number): Record<string, number> => ({ "solver/residual": residual });

test("a residual that grows far beyond its early level stops the run with its numbers", () => {
  const guard = residualGuard();
  for (let step = 1; step <= 30; step++) expect(guard(at(0.001), step)).toBeNull();
  expect(guard(at(0.04), 31)).toBeNull();
  expect(guard(at(0.06), 32)).toMatch(/residual grew to 0\.060 at step 32 .*was 0\.0010/);
});

test("a residual that is as large from the start does not", () => {
  const guard = residualGuard();
  for (let step = 1; step <= 40; step++) expect(guard(at(0.08), step)).toBeNull();
});

test("one that is not a number does, at any step", () => {
  expect(residualGuard()(at(Number.NaN), 1)).toContain("residual grew to NaN");
});

test("a host without the plug-in has nothing to watch", () => {
  expect(residualGuard()({ loss: 1 }, 1)).toBeNull();
});
