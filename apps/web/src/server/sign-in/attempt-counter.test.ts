import fc from "fast-check";
import { expect, test } from "vitest";

import { AttemptCounter } from "./attempt-counter.ts";

test("lets through as many as allowed in each window, and says how long to wait", () => {
  const counter = new AttemptCounter({ max: 2, windowMs: 1000 });
  expect([counter.take("a", 0), counter.take("a", 400), counter.take("a", 400)]).toEqual([
    0, 0, 600,
  ]);
  expect(counter.take("b", 400)).toBe(0);
  expect(counter.take("a", 1000)).toBe(0);
});

test("what is given back may be taken again, and no more than that", () => {
  const counter = new AttemptCounter({ max: 1, windowMs: 1000 });
  counter.take("a", 0);
  counter.giveBack("a");
  counter.giveBack("a");
  counter.giveBack("nobody");
  expect(counter.take("a", 1)).toBe(0);
  expect(counter.take("a", 2)).toBeGreaterThan(0);
});

test("never lets more through than two windows' worth in any window's time", () => {
  const waits = fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(waits, fc.integer({ min: 1, max: 5 }), (gaps, max) => {
      const counter = new AttemptCounter({ max, windowMs: 1000 });
      let nowMs = 0;
      const passed: number[] = [];
      for (const gap of gaps) {
        nowMs += gap;
        if (counter.take("a", nowMs) === 0) passed.push(nowMs);
      }
      for (const from of passed) {
        const within = passed.filter((at) => at >= from && at < from + 1000);
        expect(within.length).toBeLessThanOrEqual(2 * max);
      }
    }),
  );
});
