import fc from "fast-check";
import { expect, test } from "vitest";

import { traceOutline } from "./trace-outline.ts";

test("outlines a rectangle with four segments", () => {
  const inside = new Uint8Array(5 * 4);
  for (const y of [1, 2]) inside.fill(255, y * 5 + 1, y * 5 + 4);
  expect([...traceOutline(inside, 5, 4)]).toEqual([
    ...[1, 1, 4, 1],
    ...[1, 3, 4, 3],
    ...[1, 1, 1, 3],
    ...[4, 1, 4, 3],
  ]);
});

test("outlines a region that reaches the edge of the picture", () => {
  expect(traceOutline(Uint8Array.of(1), 1, 1)).toHaveLength(16);
});

test("has the length of all borders between inside and outside, counted one by one", () => {
  const region = fc
    .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }))
    .chain(([width, height]) =>
      fc.tuple(
        fc.constant(width),
        fc.constant(height),
        fc.array(fc.integer({ min: 0, max: 1 }), {
          minLength: width * height,
          maxLength: width * height,
        }),
      ),
    );
  fc.assert(
    fc.property(region, ([width, height, bits]) => {
      const at = (x: number, y: number) =>
        x < 0 || y < 0 || x >= width || y >= height ? 0 : bits[y * width + x]!;
      let borders = 0;
      for (let y = -1; y < height; y++) {
        for (let x = -1; x < width; x++) {
          borders += Math.abs(at(x, y) - at(x + 1, y)) + Math.abs(at(x, y) - at(x, y + 1));
        }
      }
      const segments = traceOutline(Uint8Array.from(bits), width, height);
      let length = 0;
      for (let i = 0; i < segments.length; i += 4) {
        const [x1, y1, x2, y2] = segments.subarray(i, i + 4);
        length += Math.abs(x2! - x1!) + Math.abs(y2! - y1!);
      }
      expect(length).toBe(borders);
    }),
  );
});
