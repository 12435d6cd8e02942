import fc from "fast-check";
import { expect, test } from "vitest";

import { decodeAnomalyMap, encodeAnomalyMap } from "./anomaly-map.ts";

test("a map comes back within half a quantisation step", () => {
  fc.assert(
    fc.property(
      fc.array(fc.float({ min: -100, max: 100, noNaN: true }), { minLength: 6, maxLength: 6 }),
      (numbers) => {
        const values = Float32Array.from(numbers);
        const back = decodeAnomalyMap(encodeAnomalyMap({ width: 3, height: 2, values }));
        const step = (Math.max(...values) - Math.min(...values)) / 65535;
        expect([back.width, back.height]).toEqual([3, 2]);
        for (const [i, value] of values.entries()) {
          expect(Math.abs((back.values[i] ?? Number.NaN) - value)).toBeLessThanOrEqual(
            0.51 * step + 1e-5,
          );
        }
      },
    ),
  );
});

test("a flat map stays flat", () => {
  const values = Float32Array.of(2.5, 2.5);
  expect(decodeAnomalyMap(encodeAnomalyMap({ width: 2, height: 1, values })).values).toEqual(
    values,
  );
});

test("the layout of the blob is the documented one", () => {
  const blob = encodeAnomalyMap({ width: 2, height: 1, values: Float32Array.of(1, 3) });
  const view = new DataView(blob.buffer);
  expect(new TextDecoder().decode(blob.subarray(0, 4))).toBe("LMAP");
  expect([...blob.subarray(4, 8)]).toEqual([1, 0, 0, 0]);
  expect([view.getUint32(8, true), view.getUint32(12, true)]).toEqual([2, 1]);
  expect([view.getFloat32(16, true), view.getFloat32(20, true)]).toEqual([1, 3]);
  expect([view.getUint16(24, true), view.getUint16(26, true)]).toEqual([0, 65535]);
});

test("refuses values that do not fill the map, are not finite, or a blob that is cut", () => {
  expect(() => encodeAnomalyMap({ width: 2, height: 2, values: new Float32Array(3) })).toThrow(
    "Expected 2 × 2 = 4 map values, got 3",
  );
  const bad = Float32Array.of(Number.POSITIVE_INFINITY);
  expect(() => encodeAnomalyMap({ width: 1, height: 1, values: bad })).toThrow("finite");
  const blob = encodeAnomalyMap({ width: 1, height: 1, values: Float32Array.of(1) });
  expect(() => decodeAnomalyMap(blob.subarray(0, 25))).toThrow("got 25");
  expect(() => decodeAnomalyMap(new Uint8Array(3))).toThrow("LMAP");
});
