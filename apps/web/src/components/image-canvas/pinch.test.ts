import fc from "fast-check";
import { expect, test } from "vitest";

import { pinchChange, readPinch } from "./pinch.ts";
import { toImage, zoomAt, type Point, type ViewTransform } from "./view-transform.ts";

const point = fc.record({
  x: fc.integer({ min: -500, max: 1500 }),
  y: fc.integer({ min: -500, max: 1500 }),
});

const fingers = fc.tuple(point, point);

function move(view: ViewTransform, from: [Point, Point], to: [Point, Point]): ViewTransform {
  const { at, by, factor } = pinchChange(readPinch(...from), readPinch(...to));
  const zoomed = zoomAt(view, at, factor);
  return { ...zoomed, x: zoomed.x + by.x, y: zoomed.y + by.y };
}

test("the picture stays under the middle of the fingers, wherever they go", () => {
  const view = { scale: 2, x: 30, y: -12 };
  fc.assert(
    fc.property(fingers, fingers, (from, to) => {
      const moved = move(view, from, to);
      const before = toImage(view, readPinch(...from).middle);
      const after = toImage(moved, readPinch(...to).middle);
      expect(after.x).toBeCloseTo(before.x, 5);
      expect(after.y).toBeCloseTo(before.y, 5);
    }),
  );
});

test("fingers twice as far apart show the picture twice as large", () => {
  const from: [Point, Point] = [
    { x: 0, y: 0 },
    { x: 100, y: 0 },
  ];
  const to: [Point, Point] = [
    { x: -50, y: 0 },
    { x: 150, y: 0 },
  ];
  expect(move({ scale: 1, x: 0, y: 0 }, from, to)).toEqual({ scale: 2, x: -50, y: 0 });
});

test("fingers that meet do not zoom out of nothing", () => {
  const spot = { x: 5, y: 5 };
  expect(pinchChange(readPinch(spot, spot), readPinch(spot, spot)).factor).toBe(1);
});
