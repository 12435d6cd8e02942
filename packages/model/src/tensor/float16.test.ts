import { expect, test } from "vitest";

import { fromFloat16, toFloat16 } from "./float16.ts";

test("every half-precision number survives the way there and back", () => {
  const all = Uint16Array.from({ length: 65536 }, (_, bits) => bits).filter(
    (bits) => (bits & 0x7c00) !== 0x7c00 || (bits & 0x3ff) === 0,
  );
  expect(toFloat16(fromFloat16(all))).toEqual(all);
});

test("numbers between two are rounded to the nearest, ties to the even one", () => {
  const ulp = 2 ** -10;
  const values = [1 + ulp / 2, 1 + 1.5 * ulp, 1 + 0.51 * ulp, 65519, 65520, 2 ** -25, 3e-8, -1e9];
  const rounded = [1, 1 + 2 * ulp, 1 + ulp, 65504, Infinity, 0, 2 ** -24, -Infinity];
  expect([...fromFloat16(toFloat16(Float32Array.from(values)))]).toEqual(rounded);
  expect(fromFloat16(toFloat16(Float32Array.of(NaN)))[0]).toBeNaN();
});
