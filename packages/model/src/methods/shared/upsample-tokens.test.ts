import { expect, test } from "vitest";

import { gaussianBlur, input } from "../../graph/index.ts";
import { exportModel } from "../../onnx/index.ts";
import { openSession } from "../../session/index.ts";
import { sample, toNumbers } from "../../tensor/index.ts";
import { interpolationWeights, upsampleTokens } from "./upsample-tokens.ts";

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

test("upsampling and smoothing in one matrix are the one after the other", async () => {
  const geometry = { gridSize: 4, inputSize: 32, origin: 3.5, stride: 8 };
  const tokens = input("tokens", [2, 16]);
  const model = exportModel({
    outputs: {
      together: upsampleTokens(tokens, geometry, 2.5),
      apart: gaussianBlur(upsampleTokens(tokens, geometry, 0), 2.5),
    },
  });
  const session = await openSession(model, { provider: "cpu", threads: 1 });
  const feeds = { tokens: sample({ kind: "uniform", low: 0, high: 1 }, [2, 16], 0) };
  const { together, apart } = await session.run(feeds);
  await session.close();
  const expected = toNumbers(apart!);
  expect(together?.shape).toEqual([2, 1, 32, 32]);
  for (const [index, value] of toNumbers(together!).entries()) {
    expect(Math.abs(value - expected[index]!)).toBeLessThan(1e-6);
  }
});
