import { setTimeout as sleep } from "node:timers/promises";

import { expect, test } from "vitest";

import { mapAhead } from "./map-ahead.ts";

test("keeps the order and never runs more than allowed at once", async () => {
  let running = 0;
  let most = 0;
  const work = async (delay: number): Promise<number> => {
    most = Math.max(most, ++running);
    await sleep(delay);
    running--;
    return delay;
  };
  const delays = [8, 1, 5, 0, 3, 2];
  const results: number[] = [];
  for await (const result of mapAhead(delays, 3, work)) results.push(result);
  expect(results).toEqual(delays);
  expect(most).toBe(3);
});

test("a failure surfaces in its turn, after what came before it", async () => {
  const seen: number[] = [];
  const run = async (): Promise<void> => {
    const work = async (item: number): Promise<number> => {
      if (item === 2) throw new Error("two");
      return item;
    };
    for await (const item of mapAhead([0, 1, 2, 3], 4, work)) seen.push(item);
  };
  await expect(run()).rejects.toThrow("two");
  expect(seen).toEqual([0, 1]);
});

test("a consumer that stops early leaves nothing running", async () => {
  let running = 0;
  const work = async (): Promise<void> => {
    running++;
    await sleep(5);
    running--;
  };
  for await (const _ of mapAhead([1, 2, 3, 4], 2, work)) break;
  expect(running).toBe(0);
});
