import fc from "fast-check";
import { expect, test } from "vitest";

import { MessageBudget } from "./message-budget.ts";

test("never lets more through than the burst and what has been earned since", () => {
  const gaps = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(gaps, fc.integer({ min: 1, max: 40 }), (waits, perSecond) => {
      const limits = { perSecond, burst: 2 * perSecond };
      const budget = new MessageBudget(limits, 0);
      let nowMs = 0;
      let allowed = 0;
      for (const wait of waits) {
        nowMs += wait;
        if (budget.take(nowMs) === 0) allowed++;
      }
      expect(allowed).toBeLessThanOrEqual(limits.burst + (nowMs / 1000) * perSecond + 1e-6);
    }),
  );
});

test("a client at the allowed pace is never refused", () => {
  const budget = new MessageBudget({ perSecond: 20, burst: 40 }, 0);
  for (let i = 1; i <= 1000; i++) expect(budget.take(i * 50)).toBe(0);
});

test("a clock that is set back neither earns nor costs messages", () => {
  const budget = new MessageBudget({ perSecond: 10, burst: 2 }, 1_000_000);
  expect(budget.take(0)).toBe(0);
  expect(budget.take(0)).toBe(0);
  expect(budget.take(0)).toBe(1);
});

test("counts how far a flood has gone and forgets it after a pause", () => {
  const budget = new MessageBudget({ perSecond: 10, burst: 5 }, 0);
  for (let i = 0; i < 5; i++) budget.take(0);
  expect(budget.take(0)).toBe(1);
  expect(budget.take(0)).toBe(2);
  expect(budget.take(1000)).toBe(0);
});
