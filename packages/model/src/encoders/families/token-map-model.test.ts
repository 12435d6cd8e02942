import { existsSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { add, avgPool2d, input, mul } from "../../graph/index.ts";
import { exportModel } from "../../onnx/index.ts";
import { openSession } from "../../session/index.ts";
import { float32, fromFloat16 } from "../../tensor/index.ts";
import { encoderFolders } from "../env.ts";
import { inceptionV3 } from "./inception-v3.ts";
import { outputNames, poolingWindow, tokenMapModel, type TokenLayer } from "./token-map-model.ts";

/** A layer whose position i is centred on pixel 1 + 2i. */
const layer = (name: string, side: number): TokenLayer => ({
  name,
  channels: 3,
  side,
  origin: 1,
  stride: 2,
});

/** A "network" of two maps, the second one pooled: 5 × 5 and 2 × 2 positions. */
function network(): Uint8Array {
  const image = input("image", [2, 3, 5, 5]);
  const deep = add(avgPool2d(image, { kernel: [3, 3], strides: [2, 2] }), 1);
  return exportModel({ outputs: { layer1: mul(image, 2), deep } });
}

test("maps are averaged to the grid and laid out as half-precision tokens, row by row", async () => {
  const bytes = tokenMapModel(network(), {
    batch: 2,
    inputSize: 5,
    gridSize: 2,
    layers: [layer("layer1", 5), layer("deep", 2)],
    type: "float16",
  });
  const session = await openSession(bytes, { provider: "cpu", threads: 1 });
  expect(session.inputNames).toEqual(["pixels"]);
  const pixels = Float32Array.from({ length: 2 * 3 * 25 }, (_, i) => i % 64);
  const results = await session.run({ pixels: float32([2, 3, 5, 5], pixels) });
  await session.close();

  const mean = (plane: number, y: number, x: number): number => {
    let sum = 0;
    for (let dy = 0; dy < 3; dy++) {
      for (let dx = 0; dx < 3; dx++) {
        sum += pixels[(5 * plane + 2 * y + dy) * 5 + 2 * x + dx]!;
      }
    }
    return sum / 9;
  };
  const [first, second] = [new Float32Array(24), new Float32Array(24)];
  fromFloat16(results["tokens0"]!.data as Uint16Array, first);
  fromFloat16(results["tokens1"]!.data as Uint16Array, second);
  for (let i = 0; i < 24; i++) {
    const [n, token, c] = [Math.floor(i / 12), Math.floor(i / 3) % 4, i % 3];
    const expected = mean(3 * n + c, Math.floor(token / 2), token % 2);
    expect(first[i]).toBeCloseTo(2 * expected, 0);
    expect(Math.abs(first[i]! - 2 * expected)).toBeLessThan(0.07);
    expect(Math.abs(second[i]! - expected - 1)).toBeLessThan(0.04);
  }
});

test("windows cover a map from edge to edge", () => {
  expect(poolingWindow(layer("a", 35), 17)).toEqual({ kernel: 3, step: 2 });
  expect(poolingWindow(layer("b", 17), 17)).toEqual({ kernel: 1, step: 1 });
  expect(poolingWindow(layer("c", 64), 16)).toEqual({ kernel: 4, step: 4 });
  expect(() => poolingWindow(layer("d", 8), 16)).toThrow("Expected d of at least 16 positions");
});

test("bytes that are no model are refused with where they came from", () => {
  expect(outputNames(network(), "here")).toEqual(["layer1", "deep"]);
  const text = new TextEncoder().encode("<html>not found</html>");
  expect(() => outputNames(text, "here")).toThrow(/Expected an? .*here/);
});

const INCEPTION = encoderFolders()
  .map((folder) => join(folder, "inception-v3"))
  .find((folder) => existsSync(join(folder, "model.onnx")));

test.skipIf(INCEPTION === undefined)(
  "InceptionV3 gives three maps of 17 × 17 tokens (skipped without its weights)",
  async () => {
    const source = (await inceptionV3.recognise(INCEPTION ?? "", {}))!;
    expect(source.info.layers).toEqual([
      { name: "mixed2", channels: 288, origin: 21, stride: 16 },
      { name: "mixed4", channels: 768, origin: 21, stride: 16 },
      { name: "mixed6", channels: 768, origin: 21, stride: 16 },
    ]);
    const session = await openSession(await source.buildModel(1, "cpu"), { provider: "cpu" });
    const pixels = new Float32Array(3 * 299 * 299).fill(0.5);
    const results = await session.run({ pixels: float32([1, 3, 299, 299], pixels) });
    await session.close();
    expect(Object.values(results).map((map) => map.shape)).toEqual([
      [1, 289, 288],
      [1, 289, 768],
      [1, 289, 768],
    ]);
  },
);
