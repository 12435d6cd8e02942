import { expect, test } from "vitest";

import { input } from "../../graph/index.ts";
import { graphRunner } from "../../train/graph-runner.ts";
import { createRandom, float32 } from "../../tensor/index.ts";
import { averageNeighbours, scoresOfTokens, windowWeights } from "./neighbourhood.ts";

const runner = graphRunner("cpu");

function row(weights: Float32Array, patch: number, gridSize: number): number[] {
  return [...weights.subarray(patch * gridSize, (patch + 1) * gridSize)];
}

test("a window at the edge is cut, mirrored, or its patch is left out", () => {
  const third = expect.closeTo(1 / 3, 6) as number;
  const clipped = windowWeights({ gridSize: 4, neighbourhood: 3, border: "clip" });
  expect(row(clipped, 0, 4)).toEqual([0.5, 0.5, 0, 0]);
  expect(row(clipped, 2, 4)).toEqual([0, third, third, third]);

  const mirrored = windowWeights({ gridSize: 4, neighbourhood: 3, border: "reflect" });
  expect(row(mirrored, 0, 4)).toEqual([third, expect.closeTo(2 / 3, 6), 0, 0]);

  const omitted = windowWeights({ gridSize: 4, neighbourhood: 3, border: "omit" });
  expect(omitted).toHaveLength(2 * 4);
  expect(row(omitted, 0, 4)).toEqual([third, third, third, 0]);
});

test.each(["clip", "reflect", "omit"] as const)(
  "with border %s every window's weights sum to 1, also when it is wider than the grid",
  (border) => {
    const weights = windowWeights({ gridSize: 3, neighbourhood: 7, border });
    for (let patch = 0; patch < weights.length / 3; patch++) {
      expect(row(weights, patch, 3).reduce((a, b) => a + b)).toBeCloseTo(1, 6);
    }
  },
);

test("a patch is the mean of the tokens around it", async () => {
  const random = createRandom(3);
  const [batch, gridSize, channels] = [2, 5, 3];
  const values = Float32Array.from({ length: batch * gridSize ** 2 * channels }, () =>
    random.normal(),
  );
  const x = input("x", [batch, gridSize ** 2, channels]);
  const patches = averageNeighbours(x, { gridSize, neighbourhood: 3, border: "omit" });
  expect(patches.shape).toEqual([batch, 9, channels]);

  const { out } = await runner.run({ out: patches }, { x: float32(x.shape, values) });
  const found = out!.data as Float32Array;
  for (const [image, py, px, channel] of [
    [0, 0, 0, 0],
    [1, 2, 1, 2],
  ] as const) {
    let sum = 0;
    for (let dy = 0; dy < 3; dy++) {
      for (let dx = 0; dx < 3; dx++) {
        const token = (py + dy) * gridSize + px + dx;
        sum += values[(image * gridSize ** 2 + token) * channels + channel]!;
      }
    }
    expect(found[(image * 9 + py * 3 + px) * channels + channel]).toBeCloseTo(sum / 9, 5);
  }
});

test("a token of the ring that was left out has the score of the patch next to it", async () => {
  const x = input("x", [1, 4]);
  const tokens = scoresOfTokens(x, { gridSize: 4, border: "omit" });
  const { out } = await runner.run({ out: tokens }, { x: float32([1, 4], [1, 2, 3, 4]) });
  expect([...(out!.data as Float32Array)]).toEqual([
    1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4,
  ]);
});

test("a grid of two tokens has no inside", () => {
  expect(() => windowWeights({ gridSize: 2, neighbourhood: 3, border: "omit" })).toThrow(
    /at least 3 tokens a side.*Choose another border/,
  );
});
