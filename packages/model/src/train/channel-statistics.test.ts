import { expect, test } from "vitest";

import { ChannelStatistics } from "./channel-statistics.ts";

/** Half-precision bits of small whole numbers. */
const HALF = new Map([
  [0, 0x0000],
  [1, 0x3c00],
  [2, 0x4000],
  [3, 0x4200],
  [4, 0x4400],
  [-1, 0xbc00],
]);
const halves = (...values: number[]): Uint16Array =>
  Uint16Array.from(values, (value) => HALF.get(value)!);

test("mean and deviation of each channel over all tokens of all images", () => {
  const statistics = new ChannelStatistics([2, 1]);
  statistics.add([halves(1, 2, 3, 2), halves(0, 4)]);
  statistics.add([halves(-1, 2, 1, 2), halves(0, 4)]);
  const [first, second] = statistics.value();
  expect([...first!.mean]).toEqual([1, 2]);
  expect(first!.std[0]).toBeCloseTo(Math.SQRT2, 6);
  expect(first!.std[1]).toBe(0);
  expect([...second!.mean, ...second!.std]).toEqual([2, 2]);
});

test("features beyond half precision are refused", () => {
  const infinite = Uint16Array.of(0x7c00);
  expect(() => new ChannelStatistics([1]).add([infinite])).toThrow("beyond half precision");
});
