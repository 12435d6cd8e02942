import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { gradients } from "../../autodiff/index.ts";
import { constant, mul, parameter, reduceSum } from "../../graph/index.ts";
import { exportModel } from "../../onnx/index.ts";
import { openSession } from "../../session/index.ts";
import {
  noise,
  readEncoderFixture,
  type TinyFamily,
  writeTinyCheckpoint,
} from "../../testing/tiny-checkpoint.ts";
import type { EncoderSource } from "../encoder-source.ts";
import { locateEncoder } from "../find-encoder.ts";
import { openCheckpoint } from "./checkpoint-family.ts";
import { clip } from "./clip.ts";
import { dinov2, dinov2WithRegisters } from "./dinov2.ts";
import { deit, vit } from "./vit.ts";
import { fromFloat16 } from "../../tensor/index.ts";

/** The largest error that a graph of ours may have, relative to the largest value. */
const TOLERANCE = 1e-4;
const FAMILIES = [
  ["vit", vit],
  ["deit", deit],
  ["dinov2", dinov2],
  ["dinov2-with-registers", dinov2WithRegisters],
  ["clip", clip],
  ["clip-vision", clip],
] as const;

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "loupe-checkpoints-"));
  for (const [name] of FAMILIES) {
    await writeTinyCheckpoint(join(root, name), readEncoderFixture(name));
  }
});
afterAll(() => rm(root, { recursive: true }));

function relativeError(actual: ArrayLike<number>, expected: readonly number[]): number {
  expect(actual.length).toBe(expected.length);
  const largest = Math.max(...expected.map(Math.abs));
  const errors = expected.map((value, index) => Math.abs(value - (actual[index] ?? Number.NaN)));
  return errors.reduce((top, error) => (error <= top ? top : error), 0) / largest;
}

async function compute(outputs: Parameters<typeof exportModel>[0]["outputs"], inputSize?: number) {
  const session = await openSession(exportModel({ outputs }), { provider: "cpu", threads: 1 });
  try {
    const pixels =
      inputSize === undefined ? {} : { pixels: noise("pixels", [1, 3, inputSize, inputSize]) };
    return await session.run(pixels);
  } finally {
    await session.close();
  }
}

test.each(FAMILIES)(
  "%s agrees with Hugging Face's at every size, block and space",
  async (name, family) => {
    const { cases } = readEncoderFixture(name);
    expect(cases.length).toBeGreaterThanOrEqual(3);
    for (const { inputSize, space, layers } of cases) {
      const blocks = Object.keys(layers).map(Number) as [number, number, number];
      const opened = await openCheckpoint(family, join(root, name), {
        layers: blocks,
        inputSize,
        space,
      });
      const built = (await opened!.layers(1)).flatMap(({ tokens, global }, index) => [
        [`tokens${blocks[index]}`, tokens] as const,
        [`global${blocks[index]}`, global] as const,
      ]);
      const results = await compute(Object.fromEntries(built), inputSize);
      for (const [block, expected] of Object.entries(layers)) {
        for (const part of ["tokens", "global"] as const) {
          const actual = results[`${part}${block}`]!.data as Float32Array;
          expect(relativeError(actual, expected[part])).toBeLessThan(TOLERANCE);
        }
      }
    }
  },
);

test("CLIP's text tower gives Hugging Face's features and gradient to the prompt vectors", async () => {
  const { text } = readEncoderFixture("clip");
  const source = await locateEncoder(join(root, "clip"));
  const tower = await source.textTower!();
  expect(source.info.text).toEqual({ width: tower.width });
  const prompts = parameter("prompts", noise("prompts", [2, 12, tower.embeddingWidth]));
  const features = tower.encode(prompts, ["object.", "damaged object."]);
  const loss = reduceSum(mul(features, constant(noise("factors", [2, tower.width]))));
  const [gradient] = gradients(loss, [prompts]);
  const results = await compute({ features, gradient: gradient! });
  expect(relativeError(results["features"]!.data as Float32Array, text!.features)).toBeLessThan(
    TOLERANCE,
  );
  expect(relativeError(results["gradient"]!.data as Float32Array, text!.gradient)).toBeLessThan(
    TOLERANCE,
  );
});

async function open(name: TinyFamily, view = {}): Promise<EncoderSource> {
  return locateEncoder(join(root, name), view);
}

test("class tokens leave the encoder beside the patches when they are asked for", async () => {
  const view = { layers: [1, 2, 4], inputSize: 24, space: "joint", globals: true } as const;
  const source = await open("clip", view);
  expect(source.info).toMatchObject({
    globals: true,
    space: "joint",
    gridSize: 6,
    text: { width: 6 },
  });
  const expected = readEncoderFixture("clip").cases.find(
    ({ inputSize, space }) => inputSize === 24 && space === "joint",
  )!;
  const session = await openSession(await source.buildModel(1, "cpu"), { provider: "cpu" });
  const results = await session.run({ pixels: noise("pixels", [1, 3, 24, 24]) });
  await session.close();
  expect(results["tokens0"]!.shape).toEqual([1, 36, 6]);
  expect(results["global0"]!.shape).toEqual([1, 6]);
  const floats = new Float32Array(6);
  fromFloat16(results["global2"]!.data as Uint16Array, floats);
  expect(relativeError(floats, expected.layers["4"]!.global)).toBeLessThan(1e-3);
});

test("a wish for a joint space is no demand", async () => {
  const { info } = await open("dinov2", { space: "joint", globals: true });
  expect(info).toMatchObject({ space: "raw", globals: true, text: null });
  expect(info.layers.map(({ name, channels }) => [name, channels])).toEqual([
    ["block1", 8],
    ["block2", 8],
    ["block3", 8],
  ]);
});

test.each([
  [{ layers: [1, 2, 5] }, "Expected three blocks of vit, from 1 to 4 and shallow to deep"],
  [{ layers: [2, 2, 3] }, "got 2, 2, 3"],
  [{ layers: [0, 1, 2] }, "got 0, 1, 2"],
  [{ inputSize: 18 }, "a multiple of its patch of 4 pixels, got 18. 20 would fit"],
  [{ inputSize: 0 }, "got 0. 4 would fit"],
])("the view %j is refused in one sentence", async (view, message) => {
  await expect(open("vit", view)).rejects.toThrow(message);
});

async function altered(
  family: TinyFamily,
  change: { config?: Record<string, unknown>; weights?: Record<string, number[] | undefined> },
): Promise<string> {
  const { config, weights } = readEncoderFixture(family);
  const folder = join(root, `altered-${family}`);
  const shapes = Object.entries({ ...weights, ...change.weights }).filter(
    (entry): entry is [string, number[]] => entry[1] !== undefined,
  );
  await writeTinyCheckpoint(folder, {
    config: { ...config, ...change.config },
    weights: Object.fromEntries(shapes),
  });
  return folder;
}

test("what the family cannot build is refused by name", async () => {
  const act = await altered("vit", { config: { hidden_act: "silu" } });
  await expect(locateEncoder(act)).rejects.toThrow(/config\.json, but of hidden_act: .*"gelu"/);
  const giant = await altered("dinov2", { config: { use_swiglu_ffn: true } });
  await expect(locateEncoder(giant)).rejects.toThrow(/but of use_swiglu_ffn: .*false/);
});

test("weights that are missing or of another shape are named", async () => {
  const key = "encoder.layer.1.mlp.fc1.weight";
  const missing = await locateEncoder(await altered("dinov2", { weights: { [key]: undefined } }));
  await expect(missing.buildModel(1, "cpu")).rejects.toThrow(
    `Expected a weight ${key} as config.json says, but model.safetensors has none`,
  );
  const narrow = await locateEncoder(await altered("dinov2", { weights: { [key]: [20, 8] } }));
  await expect(narrow.buildModel(1, "cpu")).rejects.toThrow(
    /Expected block2\/mlp\/in\/weight of shape .*8.*24.*, got .*8.*20/,
  );
});

test("prompts that a tower cannot read are refused", async () => {
  const tower = await (await open("clip")).textTower!();
  const prompts = parameter("prompts", noise("prompts", [1, 12, 8]));
  expect(() => tower.encode(prompts, ["broken object."])).toThrow(
    'Expected a phrase of the words . object damaged, got "broken object."',
  );
  expect(() => tower.encode(prompts, ["object.", "object."])).toThrow(
    "Expected prompts of shape [2, length, 8]",
  );
  const long = parameter("long", noise("prompts", [1, 75, 8]));
  expect(() => tower.encode(long, ["object."])).toThrow("at most 77 tokens in a prompt, got 79");
});
