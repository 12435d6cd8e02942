import { setTimeout as sleep } from "node:timers/promises";

import { describe, expect, test } from "vitest";

import { prepareAhead } from "./prepare-ahead.ts";

describe("prepareAhead", () => {
  test("keeps the order and never has more under way than allowed", async () => {
    let underWay = 0;
    let most = 0;
    const results: number[] = [];
    const items = Array.from({ length: 20 }, (_, i) => i);
    for await (const result of prepareAhead(items, 3, async (item) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await sleep((item * 7) % 5);
      underWay -= 1;
      return item;
    })) {
      results.push(result);
    }
    expect(results).toEqual(items);
    expect(most).toBe(3);
  });

  test("a failure comes in its turn, after what is under way has ended", async () => {
    let ended = 0;
    const results: number[] = [];
    const run = async () => {
      for await (const item of prepareAhead([1, 2, 3, 4], 3, async (number) => {
        await sleep(number === 2 ? 1 : 15);
        ended += 1;
        if (number === 2) throw new Error("second");
        return number;
      })) {
        results.push(item);
      }
    };
    await expect(run()).rejects.toThrow("second");
    expect(results).toEqual([1]);
    expect(ended).toBe(4);
  });
});
