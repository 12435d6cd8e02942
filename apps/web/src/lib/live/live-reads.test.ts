import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { LiveReads } from "./live-reads.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const reader = { name: "things", most: 3 };

/** Reads whose answers come when told. */
function aPile() {
  const asked: (string[] | null)[] = [];
  const waiting: (() => void)[] = [];
  const reads = new LiveReads((_reader, ids) => {
    asked.push(ids);
    return new Promise<void>((resolve) => waiting.push(resolve));
  });
  const answer = async () => {
    waiting.shift()!();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { reads, asked, answer, inFlight: () => waiting.length };
}

test("asks at once, and in one request for what comes until the answer and the rest after it", async () => {
  const { reads, asked, answer } = aPile();
  reads.add(reader, ["a"]);
  expect(asked).toEqual([["a"]]);
  reads.add(reader, ["b"]);
  await vi.advanceTimersByTimeAsync(2_000);
  reads.add(reader, ["c", "b"]);
  expect(asked).toHaveLength(1);
  await answer();
  expect(asked).toEqual([["a"], ["b", "c"]]);
});

test("an answer that comes fast makes no second request within half a second", async () => {
  const { reads, asked, answer } = aPile();
  reads.add(reader, ["a"]);
  await answer();
  reads.add(reader, ["a"]);
  await vi.advanceTimersByTimeAsync(499);
  expect(asked).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked).toEqual([["a"], ["a"]]);
});

test("news of more than one request may ask for are news of everything", async () => {
  const { reads, asked, answer } = aPile();
  reads.add(reader, ["a"]);
  reads.add(reader, ["b", "c"]);
  reads.add(reader, ["d", "e"]);
  await answer();
  await vi.advanceTimersByTimeAsync(500);
  expect(asked).toEqual([["a"], null]);
});

test("what is read of one kind does not wait for another", () => {
  const { reads, asked } = aPile();
  reads.add(reader, ["a"]);
  reads.add({ ...reader, name: "others" }, ["x"]);
  expect(asked).toEqual([["a"], ["x"]]);
});

test("nothing is asked for after the stop, and after a new start it is", async () => {
  const { reads, asked, answer } = aPile();
  reads.add(reader, ["a"]);
  reads.add(reader, ["b"]);
  reads.stop();
  await answer();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(asked).toEqual([["a"]]);
  reads.add(reader, ["c"]);
  expect(asked).toEqual([["a"], ["c"]]);
});
