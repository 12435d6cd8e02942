import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { gradients } from "../../autodiff/index.ts";
import { input, reduceMean, square, transpose, type Value } from "../../graph/index.ts";
import { createParameters } from "../../nn/index.ts";
import { exportModel } from "../../onnx/index.ts";
import { openSession, type Session } from "../../session/index.ts";
import { createRandom, float32, fromFloat16, type Tensor } from "../../tensor/index.ts";
import { findEncoder, locateEncoder } from "../find-encoder.ts";
import { writeSafetensors } from "../safetensors/write-safetensors.ts";
import { LOUPE_FILE, loupe } from "./loupe.ts";
import { loupeTrunk } from "./loupe-graph.ts";

const SIDE = 256;
/** At most what a clone should carry. */
const LARGEST_FILE = 10 * 1024 ** 2;

function noise(seed: number, size: number): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length: size }, () => random.normal());
}

function largestDifference(a: Tensor | undefined, b: Tensor | undefined): number {
  const [left, right] = [a?.data as Float32Array, b?.data as Float32Array];
  expect(left.length).toBe(right.length);
  return left.reduce((top, value, i) => Math.max(top, Math.abs(value - right[i]!)), 0);
}

test("both layouts give the same maps and the same gradients from the same weights", async () => {
  // A quarter of the side: the network is convolutional, and the test is quick.
  const side = 64;
  const p = createParameters(3);
  const planes = input("pixels", [1, 3, side, side]);
  const tokens = transpose(planes, [0, 2, 3, 1]);
  const loss = (maps: readonly Value[]): Value => reduceMean(square(maps.at(-1)!));
  const byPlanes = loupeTrunk(p, planes, "planes");
  const byTokens = loupeTrunk(p, tokens, "tokens");
  const weights = p.all().filter(({ attrs }) => attrs.name.endsWith("/weight"));
  const outputs: Record<string, Value> = {};
  for (const [level, map] of byPlanes.entries()) {
    outputs[`planes${level}`] = transpose(map, [0, 2, 3, 1]);
    outputs[`tokens${level}`] = byTokens[level]!;
  }
  const planeGradients = gradients(loss(byPlanes), weights);
  const tokenGradients = gradients(loss(byTokens), weights);
  for (const [index, { attrs }] of weights.entries()) {
    outputs[`planes/${attrs.name}`] = planeGradients[index]!;
    outputs[`tokens/${attrs.name}`] = tokenGradients[index]!;
  }
  const session = await openSession(exportModel({ outputs }), { provider: "cpu", threads: 1 });
  const results = await session.run({
    pixels: float32([1, 3, side, side], noise(1, 3 * side * side)),
  });
  await session.close();

  for (const level of [0, 1, 2]) {
    // Values reach 10; the order of summation leaves a few 1e-6.
    const difference = largestDifference(results[`planes${level}`], results[`tokens${level}`]);
    expect(difference).toBeLessThan(5e-5);
  }
  for (const { attrs } of weights) {
    const byPlane = results[`planes/${attrs.name}`]!;
    const scale = (byPlane.data as Float32Array).reduce((top, v) => Math.max(top, Math.abs(v)), 0);
    expect(scale).toBeGreaterThan(0);
    const difference = largestDifference(byPlane, results[`tokens/${attrs.name}`]);
    expect(difference / scale, attrs.name).toBeLessThan(1e-4);
  }
});

let session: Session;
beforeAll(async () => {
  const source = await locateEncoder("loupe");
  session = await openSession(await source.buildModel(1, "cpu"), { provider: "cpu", threads: 1 });
});
afterAll(() => session.close());

async function encode(pixels: Float32Array): Promise<Float32Array[]> {
  const outputs = await session.run({ pixels: float32([1, 3, SIDE, SIDE], pixels) });
  return [0, 1, 2].map((level) => fromFloat16(outputs[`tokens${level}`]?.data as Uint16Array));
}

test("the encoder that ships is found by its name, and small", async () => {
  const info = await findEncoder("loupe");
  expect(info).toMatchObject({ name: "loupe", family: "loupe", kind: "conv", inputSize: SIDE });
  expect(info.layers.map(({ channels }) => channels)).toEqual([128, 256, 256]);
  expect(info.sizeBytes).toBeLessThan(LARGEST_FILE);
});

test("its maps are finite, alike at every run, and of the shapes that it promises", async () => {
  const pixels = noise(2, 3 * SIDE * SIDE);
  const first = await encode(pixels.slice());
  expect(first.map((map) => map.length)).toEqual([256 * 128, 256 * 256, 256 * 256]);
  expect(first.every((map) => map.every(Number.isFinite))).toBe(true);
  expect(await encode(pixels.slice())).toEqual(first);
});

test("a token answers most to what lies at its own place", async () => {
  const plain = new Float32Array(3 * SIDE * SIDE).fill(0.2);
  const marked = plain.slice();
  // A dark square on the patch of token (9, 5): rows 144 … 159, columns 80 … 95.
  for (let channel = 0; channel < 3; channel++) {
    for (let y = 146; y < 158; y++) marked.fill(-1.5, at(channel, y, 82), at(channel, y, 94));
  }
  const [before, after] = [await encode(plain), await encode(marked)];
  for (const [level, map] of after.entries()) {
    const channels = map.length / 256;
    const change = Array.from({ length: 256 }, (_, token) => {
      const start = token * channels;
      return Math.hypot(
        ...Array.from(
          map.subarray(start, start + channels),
          (value, i) => value - before[level]![start + i]!,
        ),
      );
    });
    expect(change.indexOf(Math.max(...change)), `map ${level}`).toBe(9 * 16 + 5);
  }
});

function at(channel: number, y: number, x: number): number {
  return (channel * SIDE + y) * SIDE + x;
}

test("weights of another version, and views that it does not have, are refused", async () => {
  const folder = await mkdtemp(join(tmpdir(), "loupe-encoder-"));
  await writeSafetensors(join(folder, LOUPE_FILE), {}, { "loupe.encoder": "1" });
  const source = await loupe.recognise(folder, {});
  await expect(source?.buildModel(1, "cpu")).rejects.toThrow(
    /Expected encoder weights of version 2 in .*, got 1/,
  );
  await expect(loupe.recognise(folder, { inputSize: 512 })).rejects.toThrow(
    "Expected an input size of 256",
  );
  await rm(folder, { recursive: true });
});
