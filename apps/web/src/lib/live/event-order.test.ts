import fc from "fast-check";
import { expect, test } from "vitest";

import { skipTo, startEventOrder, takeEvents } from "./event-order.ts";

const event = (sequence: number) => ({ sequence });

test("hands every event out once and in order, however doubled and shuffled they come", () => {
  const arrival = fc.integer({ min: 1, max: 40 }).chain((count) =>
    fc.tuple(
      fc.constant(count),
      fc.shuffledSubarray(
        Array.from({ length: 2 * count }, (_, i) => (i % count) + 1),
        { minLength: 2 * count },
      ),
    ),
  );
  fc.assert(
    fc.property(arrival, fc.integer({ min: 1, max: 7 }), ([count, numbers], chunk) => {
      let order = startEventOrder<{ sequence: number }>(0);
      const seen: number[] = [];
      for (let start = 0; start < numbers.length; start += chunk) {
        const taken = takeEvents(order, numbers.slice(start, start + chunk).map(event));
        order = taken.order;
        seen.push(...taken.ready.map((ready) => ready.sequence));
      }
      expect(seen).toEqual(Array.from({ length: count }, (_, i) => i + 1));
      expect(order.early.size).toBe(0);
    }),
  );
});

test("waits for a missing event and says so by what it holds back", () => {
  const { order, ready } = takeEvents(startEventOrder<{ sequence: number }>(4), [
    event(6),
    event(7),
  ]);
  expect(ready).toEqual([]);
  expect([...order.early.keys()]).toEqual([6, 7]);

  const filled = takeEvents(order, [event(5)]);
  expect(filled.ready.map((next) => next.sequence)).toEqual([5, 6, 7]);
});

test("drops what a page already had when it was built", () => {
  const { order, ready } = takeEvents(startEventOrder(9), [event(8), event(9)]);
  expect(ready).toEqual([]);
  expect(order.early.size).toBe(0);
});

test("skips what the server says will never come, and keeps what is beyond it", () => {
  const { order } = takeEvents(startEventOrder<{ sequence: number }>(4), [event(6), event(9)]);
  const skipped = skipTo(order, 8);
  expect(skipped.early.has(6)).toBe(false);
  expect(takeEvents(skipped, []).ready.map((next) => next.sequence)).toEqual([9]);
  expect(skipTo(skipped, 3)).toBe(skipped);
});
