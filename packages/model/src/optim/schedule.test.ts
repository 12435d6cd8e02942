import { expect, test } from "vitest";

import { warmUpLinear } from "./index.ts";

test("a run that is made longer keeps the rates that it has had", () => {
  const rateOf = (steps: number) =>
    warmUpLinear({ peak: 0.4, steps, warmUpSteps: 4, decaySteps: 10 });
  const [short, long] = [rateOf(30), rateOf(50)];

  for (const [step, rate] of [0.1, 0.2, 0.3, 0.4, 0.4].entries()) {
    expect(short(step)).toBeCloseTo(rate);
  }
  for (let step = 0; step <= 20; step++) expect(long(step)).toBe(short(step));
  for (const [step, rate] of Object.entries({ 20: 0.4, 25: 0.2, 29: 0.04, 30: 0, 35: 0 })) {
    expect(short(Number(step))).toBeCloseTo(rate);
  }
});
