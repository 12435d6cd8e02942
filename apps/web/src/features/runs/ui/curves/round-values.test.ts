import { expect, test } from "vitest";

import { roundValues } from "./round-values.ts";

/** Lines as the plot offers them: nine for each decade. */
function decades(from: number, to: number): number[] {
  const splits: number[] = [];
  for (let power = from; power <= to; power++) {
    for (let mantissa = 1; mantissa < 10; mantissa++) splits.push(mantissa * 10 ** power);
  }
  return splits;
}

const kept = (splits: readonly number[]) => roundValues(splits).filter((value) => value !== null);

test("keeps all of a few", () => {
  expect(kept([0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1])).toHaveLength(7);
});

test("keeps 1, 2 and 5 of a decade or two", () => {
  expect(kept(decades(-1, 0))).toEqual([0.1, 0.2, 0.5, 1, 2, 5]);
});

test("keeps the powers of ten alone from three on", () => {
  expect(kept(decades(-2, 1))).toEqual([0.01, 0.1, 1, 10]);
});
