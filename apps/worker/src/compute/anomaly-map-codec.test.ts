import * as contracts from "@loupe/contracts";
import * as model from "@loupe/model";
import { describe, expect, test } from "vitest";

/**
 * The model library writes LMAP blobs and stands alone; browsers read them with the contracts'
 * codec. Both must agree bit for bit.
 */
const WIDTH = 37;
const HEIGHT = 23;
const maps = {
  varied: Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => Math.sin(i * 0.7) * 3 - 1),
  constant: new Float32Array(WIDTH * HEIGHT).fill(0.25),
  tiny: Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => 1 + i * 1e-6),
};

describe("the two codecs of anomaly maps", () => {
  test.each(Object.entries(maps))("read each other's blobs alike: %s", (_, values) => {
    const map = { width: WIDTH, height: HEIGHT, values };
    const tolerance = (Math.max(...values) - Math.min(...values)) / 131_070 + 1e-6;
    for (const bytes of [model.encodeAnomalyMap(map), contracts.encodeAnomalyMap(map)]) {
      const ours = contracts.decodeAnomalyMap(bytes);
      const theirs = model.decodeAnomalyMap(bytes);
      expect(ours).toEqual(theirs);
      expect([ours.width, ours.height]).toEqual([WIDTH, HEIGHT]);
      const worst = Math.max(...ours.values.map((value, i) => Math.abs(value - values[i]!)));
      expect(worst).toBeLessThanOrEqual(tolerance);
    }
  });

  test("write the same header, and levels that differ by rounding alone", () => {
    const map = { width: WIDTH, height: HEIGHT, values: maps.varied };
    const theirs = model.encodeAnomalyMap(map);
    const ours = contracts.encodeAnomalyMap(map);
    expect(ours.subarray(0, 24)).toEqual(theirs.subarray(0, 24));
    const levels = (bytes: Uint8Array) => new Uint16Array(bytes.slice(24).buffer);
    const other = levels(theirs);
    for (const [i, level] of levels(ours).entries()) {
      expect(Math.abs(level - other[i]!)).toBeLessThanOrEqual(1);
    }
  });
});
