import { expect, test } from "vitest";

import { COLORMAP } from "./colormap.ts";
import { paintHeatmap } from "./paint-heatmap.ts";

const map = { width: 4, height: 1, values: Float32Array.of(-1, 0.5, 1, 7) };

test("uses the ends of the map for scores at and beyond the ends of the scale", () => {
  const pixels = paintHeatmap(map, { min: 0, max: 1 });
  expect([...pixels.subarray(0, 4)]).toEqual([...COLORMAP.subarray(0, 3), 0]);
  expect([...pixels.subarray(8, 12)]).toEqual([...COLORMAP.subarray(-3), 255]);
  expect([...pixels.subarray(12, 16)]).toEqual([...pixels.subarray(8, 12)]);
});

test("gives the same score the same colour whatever else is in the picture", () => {
  const alone = paintHeatmap(
    { width: 1, height: 1, values: Float32Array.of(0.5) },
    { min: 0, max: 1 },
  );
  expect([...alone]).toEqual([...paintHeatmap(map, { min: 0, max: 1 }).subarray(4, 8)]);
});

test("shows nothing on a scale without extent", () => {
  expect(paintHeatmap(map, { min: 1, max: 1 })[3]).toBe(0);
});
