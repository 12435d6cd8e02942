import fc from "fast-check";
import { expect, test } from "vitest";

import { axisRange } from "./axis-range.ts";
import { axisSplits } from "./axis-splits.ts";
import type { CurveScale } from "./smooth-curve.ts";

const SCALES = ["log", "linear"] as const satisfies CurveScale[];
const anyNumber = fc.oneof(
  fc.double(),
  fc.double({ min: 0, max: 1 }),
  fc.constantFrom(0, 1, -1, NaN, Infinity, -Infinity, 5e-324, 1.7e308, 0.0095, 0.01, 1e-24),
);
const anyRoom = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.constantFrom(NaN, Infinity, -3));

test("every axis has finitely many lines, ascending and in its range", () => {
  fc.assert(
    fc.property(
      anyNumber,
      anyNumber,
      fc.record({
        scale: fc.constantFrom(...SCALES),
        room: anyRoom,
        leastApart: fc.constantFrom(0, 1),
      }),
      (a, b, choice) => {
        const splits = axisSplits(a, b, choice);
        const room = Number.isFinite(choice.room) ? Math.max(1, choice.room) : 1;
        expect(splits.length).toBeLessThanOrEqual(10 * (room + 2));
        for (const [index, split] of splits.entries()) {
          expect(split >= a && split <= b).toBe(true);
          if (index > 0) expect(split).toBeGreaterThan(splits[index - 1]!);
        }
      },
    ),
  );
});

test("a range holds its values, is finite, and has lines", () => {
  fc.assert(
    fc.property(anyNumber, anyNumber, fc.constantFrom(...SCALES), (a, b, scale) => {
      const [min, max] = axisRange(a, b, scale);
      expect(Number.isFinite(min) && Number.isFinite(max) && min < max).toBe(true);
      if (scale === "log") expect(min).toBeGreaterThan(0);
      const isDrawable = a <= b && (scale === "linear" ? Math.abs(a) < 1e299 : a > 1e-299);
      if (isDrawable && Math.abs(b) < 1e299) {
        expect(min).toBeLessThanOrEqual(a);
        expect(max).toBeGreaterThanOrEqual(b);
      }
      expect(axisSplits(min, max, { scale, room: 7 }).length).toBeGreaterThan(0);
    }),
  );
});

test("nothing measured yet still has an axis", () => {
  expect(axisRange(null, null, "log")).toEqual([0.1, 1]);
  expect(axisRange(null, null, "linear")).toEqual([0, 1]);
});

test("lines are round", () => {
  expect(axisSplits(0, 30, { scale: "linear", room: 6, leastApart: 1 })).toEqual([
    0, 5, 10, 15, 20, 25, 30,
  ]);
  expect(axisSplits(0, 3, { scale: "linear", room: 12, leastApart: 1 })).toEqual([0, 1, 2, 3]);
  expect(axisSplits(-0.31, 0.29, { scale: "linear", room: 6 })).toEqual([
    -0.3, -0.2, -0.1, 0, 0.1, 0.2,
  ]);
  expect(axisSplits(0.07, 1.5, { scale: "log", room: 7 })).toEqual([
    0.07, 0.08, 0.09, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1,
  ]);
  expect(axisSplits(1e-24, 1, { scale: "log", room: 6 })).toEqual([
    1e-24, 1e-20, 1e-16, 1e-12, 1e-8, 1e-4, 1,
  ]);
  expect(axisSplits(0.0091, 0.0099, { scale: "log", room: 4 })).toEqual([
    0.0092, 0.0094, 0.0096, 0.0098,
  ]);
});
