import fc from "fast-check";
import { expect, test } from "vitest";

import { decodeAnomalyMap, encodeAnomalyMap } from "./anomaly-map.ts";

const map = fc
  .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }))
  .chain(([width, height]) =>
    fc
      .array(fc.float({ min: -1e6, max: 1e6, noNaN: true }), {
        minLength: width * height,
        maxLength: width * height,
      })
      .map((values) => ({ width, height, values: Float32Array.from(values) })),
  );

test("gives every value back to within half a level of its range", () => {
  fc.assert(
    fc.property(map, (original) => {
      const decoded = decodeAnomalyMap(encodeAnomalyMap(original));
      expect([decoded.width, decoded.height]).toEqual([original.width, original.height]);
      const low = Math.min(...original.values);
      const high = Math.max(...original.values);
      // Half a level, and what single precision loses at this size.
      const tolerance = (high - low) / 131_070 + 1e-6 * Math.max(1, Math.abs(low), Math.abs(high));
      for (const [i, value] of original.values.entries()) {
        expect(Math.abs((decoded.values[i] ?? NaN) - value)).toBeLessThanOrEqual(tolerance);
      }
    }),
  );
});

test("keeps a flat map flat", () => {
  const flat = { width: 2, height: 2, values: Float32Array.of(0.5, 0.5, 0.5, 0.5) };
  expect([...decodeAnomalyMap(encodeAnomalyMap(flat)).values]).toEqual([0.5, 0.5, 0.5, 0.5]);
});

test("refuses what is not a map, with what was expected", () => {
  const bytes = encodeAnomalyMap({ width: 2, height: 1, values: Float32Array.of(0, 1) });
  expect(() => decodeAnomalyMap(bytes.subarray(0, bytes.length - 1))).toThrow(
    "Expected 28 bytes for a 2×1 map, got 27",
  );
  expect(() => decodeAnomalyMap(new Uint8Array(40))).toThrow("do not start with LMAP");
  const newer = bytes.slice();
  newer[4] = 2;
  expect(() => decodeAnomalyMap(newer)).toThrow("Expected anomaly map version 1, got 2");
});

test("refuses to write values that no screen could show", () => {
  const broken = { width: 1, height: 1, values: Float32Array.of(NaN) };
  expect(() => encodeAnomalyMap(broken)).toThrow("Expected finite scores, got NaN");
});
