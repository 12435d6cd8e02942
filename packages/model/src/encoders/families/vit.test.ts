import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import { expect, test } from "vitest";

import { openSession } from "../../session/index.ts";
import { float32, fromFloat16 } from "../../tensor/index.ts";
import { checkpointFamily } from "./checkpoint-family.ts";
import { vit } from "./vit.ts";

/** A random ViTModel of Hugging Face transformers and its hidden states: bench/reference/vit.py. */
const FOLDER = fileURLToPath(new URL("../../../test/fixtures/vit", import.meta.url));

async function readFixture(name: string): Promise<unknown> {
  return JSON.parse(await readFile(`${FOLDER}/${name}`, "utf8")) as unknown;
}

/** The pixels that the reference was given, shape [2, 3, 32, 32]. */
const PIXELS = Float32Array.from({ length: 2 * 3 * 32 * 32 }, (_, i) => Math.sin(0.37 * i));

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Array.from(a).reduce((top, value, i) => {
    const difference = Math.abs(value - (b[i] ?? Number.NaN));
    return difference <= top ? top : difference;
  }, 0);
}

test("a folder becomes an encoder of three half-precision maps of its patch tokens", async () => {
  const source = (await checkpointFamily(vit).recognise(FOLDER, {}))!;
  expect(source.normalisation).toEqual({ mean: [0.5, 0.25, 0.5], std: [0.5, 0.5, 0.25] });
  expect(source.info).toMatchObject({
    family: "vit",
    inputSize: 32,
    gridSize: 4,
    layers: [
      { name: "block1", channels: 16, origin: 3.5, stride: 8 },
      { name: "block2", channels: 16, origin: 3.5, stride: 8 },
      { name: "block3", channels: 16, origin: 3.5, stride: 8 },
    ],
  });

  const expected = (await readFixture("expected.json")) as Record<string, number[]>;
  const session = await openSession(await source.buildModel(2, "cpu"), {
    provider: "cpu",
    threads: 1,
  });
  const { tokens2 } = await session.run({ pixels: float32([2, 3, 32, 32], PIXELS) });
  await session.close();
  expect(tokens2?.shape).toEqual([2, 16, 16]);
  const floats = new Float32Array(2 * 16 * 16);
  fromFloat16(tokens2?.data as Uint16Array, floats);
  // Half precision keeps 11 bits: 5 · 2^-11.
  expect(largestDifference(floats, expected["block3"]!)).toBeLessThan(3e-3);
});
