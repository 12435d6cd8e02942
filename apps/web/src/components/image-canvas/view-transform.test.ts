import fc from "fast-check";
import { expect, test } from "vitest";

import { clampView, fitView, toImage, zoomAt } from "./view-transform.ts";

const stage = { width: 800, height: 600 };
const image = { width: 1024, height: 1024 };

test("fits the whole image into the middle", () => {
  const view = fitView(image, stage);
  expect(view.y).toBeCloseTo(16);
  expect(view.x + (image.width * view.scale) / 2).toBeCloseTo(400);
});

test("enlarges a tiny image four times at most", () => {
  expect(fitView({ width: 32, height: 32 }, stage).scale).toBe(4);
});

test("zooms around the cursor", () => {
  const position = fc.record({
    x: fc.integer({ min: 0, max: 800 }),
    y: fc.integer({ min: 0, max: 600 }),
  });
  fc.assert(
    fc.property(position, fc.double({ min: 0.2, max: 5, noNaN: true }), (at, factor) => {
      const view = fitView(image, stage);
      const before = toImage(view, at);
      const after = toImage(zoomAt(view, at, factor), at);
      expect(after.x).toBeCloseTo(before.x, 6);
      expect(after.y).toBeCloseTo(before.y, 6);
    }),
  );
});

test("never lets the image out of sight", () => {
  const offset = fc.integer({ min: -1e6, max: 1e6 });
  fc.assert(
    fc.property(offset, offset, fc.double({ min: 0.01, max: 99, noNaN: true }), (x, y, scale) => {
      const view = clampView({ scale, x, y }, image, stage);
      expect(view.x).toBeLessThanOrEqual(stage.width - 48);
      expect(view.x + image.width * view.scale).toBeGreaterThanOrEqual(48 - 1e-6);
      expect(view.y + image.height * view.scale).toBeGreaterThanOrEqual(48 - 1e-6);
      expect(view.scale).toBeLessThanOrEqual(40);
    }),
  );
});
