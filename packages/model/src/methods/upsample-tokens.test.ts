import { expect, test } from "vitest";

import { interpolationWeights } from "./upsample-tokens.ts";

function row(weights: Float32Array, pixel: number, gridSize: number): number[] {
  return [...weights.subarray(pixel * gridSize, (pixel + 1) * gridSize)];
}

test("a pixel on a token's centre shows that token, half-way between two their mean", () => {
  // InceptionV3 at 299: 17 tokens centred on 21, 37, …, 277.
  const weights = interpolationWeights({ gridSize: 17, inputSize: 299, origin: 21, stride: 16 });
  expect(row(weights, 21, 17).indexOf(1)).toBe(0);
  expect(row(weights, 277, 17).indexOf(1)).toBe(16);
  expect(row(weights, 45, 17).slice(0, 4)).toEqual([0, 0.5, 0.5, 0]);
});

test("beyond the outer centres the outer token goes on, and every row sums to one", () => {
  const weights = interpolationWeights({ gridSize: 4, inputSize: 32, origin: 3.5, stride: 8 });
  expect(row(weights, 0, 4)).toEqual([1, 0, 0, 0]);
  expect(row(weights, 31, 4)).toEqual([0, 0, 0, 1]);
  for (let pixel = 0; pixel < 32; pixel++) {
    expect(row(weights, pixel, 4).reduce((a, b) => a + b)).toBeCloseTo(1, 6);
  }
});

test("a grid of one token fills the picture", () => {
  const weights = interpolationWeights({ gridSize: 1, inputSize: 3, origin: 1, stride: 3 });
  expect([...weights]).toEqual([1, 1, 1]);
});
