import { expect, test } from "vitest";

import { DecodingLane } from "./decoding-lane.ts";

/** Let everything that can begin, begin. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

function entering(lane: DecodingLane, bytes: number, signal?: AbortSignal) {
  const entry = { leave: null as (() => void) | null, error: null as unknown };
  lane.enter(bytes, signal).then(
    (leave) => (entry.leave = leave),
    (error: unknown) => (entry.error = error),
  );
  return entry;
}

test("lets in what fits together, in the order in which it came", async () => {
  const lane = new DecodingLane({ bytes: 100, atOnce: 9 });
  const [first, second, third, fourth] = [60, 30, 50, 1].map((bytes) => entering(lane, bytes));
  await settle();
  expect([first, second, third, fourth].map((entry) => entry?.leave !== null)).toEqual([
    true,
    true,
    false,
    // It would fit, but nobody overtakes: else a large one could wait for ever.
    false,
  ]);
  first?.leave?.();
  await settle();
  expect(third?.leave).not.toBeNull();
  expect(fourth?.leave).not.toBeNull();
});

test("lets in no more at once than it may, however small they are", async () => {
  const lane = new DecodingLane({ bytes: 100, atOnce: 2 });
  const entries = [0, 0, 0].map((bytes) => entering(lane, bytes));
  await settle();
  expect(entries.filter(({ leave }) => leave !== null)).toHaveLength(2);
  expect(lane.waiting).toBe(1);
});

test("lets in what is larger than all of it, alone", async () => {
  const lane = new DecodingLane({ bytes: 100, atOnce: 9 });
  const small = entering(lane, 1);
  const huge = entering(lane, 1_000);
  await settle();
  expect(huge.leave).toBeNull();
  small.leave?.();
  await settle();
  expect(huge.leave).not.toBeNull();
});

test("who goes away while waiting makes room for those behind", async () => {
  const lane = new DecodingLane({ bytes: 100, atOnce: 9 });
  const waiter = new AbortController();
  const holder = entering(lane, 50);
  const gone = entering(lane, 100, waiter.signal);
  const next = entering(lane, 50);
  await settle();
  waiter.abort(new Error("gone"));
  await settle();
  expect(gone.error).toMatchObject({ message: "gone" });
  expect(holder.leave).not.toBeNull();
  expect(next.leave).not.toBeNull();
  expect(lane.waiting).toBe(0);
});
