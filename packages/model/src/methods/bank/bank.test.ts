import { expect, test } from "vitest";

import { type BankSettings } from "../../catalog/methods/bank/settings.ts";
import type { Features } from "../../encoders/feature-store.ts";
import { createRandom, type Tensor } from "../../tensor/index.ts";
import { graphRunner } from "../../train/graph-runner.ts";
import { Scorer } from "../../train/scorer.ts";
import { findMethod } from "../find-method.ts";
import type { MemoryMethod, MethodContext } from "../method.ts";

const CHANNELS = [3, 4, 5];
const GRID = 5;

const context: MethodContext = {
  batch: 1,
  inputSize: 20,
  gridSize: GRID,
  layers: CHANNELS.map((channels, i) => ({ name: `l${i}`, channels, origin: 1.5, stride: 4 })),
  statistics: CHANNELS.map((channels) => ({
    mean: new Float32Array(channels).fill(0.3),
    std: new Float32Array(channels).fill(0.5),
  })),
  globals: false,
  text: null,
  steps: 0,
  stepsPerEpoch: 1,
};

/** Eighths up to ±2, exact in half precision. */
function halves(count: number, seed: number): { bits: Uint16Array; values: number[] } {
  const random = createRandom(seed);
  const values = Array.from({ length: count }, () => (random.integer(33) - 16) / 8);
  const bits = Uint16Array.from(values, (value) => {
    if (value === 0) return 0;
    const exponent = Math.floor(Math.log2(Math.abs(value)));
    const fraction = (Math.abs(value) / 2 ** exponent - 1) * 1024;
    return (value < 0 ? 0x8000 : 0) | ((exponent + 15) << 10) | fraction;
  });
  return { bits, values };
}

type Image = { readonly features: Features; readonly layers: readonly number[][] };

function image(seed: number): Image {
  const made = CHANNELS.map((channels, i) => halves(GRID ** 2 * channels, 10 * seed + i));
  return { features: made.map(({ bits }) => bits), layers: made.map(({ values }) => values) };
}

function bankOf(settings: Partial<BankSettings>): MemoryMethod {
  const method = findMethod("bank")(settings);
  if (method.kind !== "memory") throw new Error("Expected a memory.");
  return method;
}

async function filled(
  method: MemoryMethod,
  images: readonly Image[],
  steps = 2,
): Promise<{ weights: Record<string, Tensor>; losses: number[] }> {
  const rounds = method.fit(context, {
    ...graphRunner("cpu"),
    seed: 4,
    steps,
    images: images.length,
    signal: new AbortController().signal,
    features: (index) => Promise.resolve(images[index]!.features),
  });
  const losses: number[] = [];
  for (;;) {
    const next = await rounds.next();
    if (next.done === true) return { weights: next.value, losses };
    expect(next.value.step).toBe(losses.length + 1);
    losses.push(next.value.loss);
  }
}

/** Inner patches of layers 2 and 3, averaged over 3 × 3 tokens, in plain loops. */
function patchesByHand({ layers }: Image): number[][] {
  const patches: number[][] = [];
  for (let y = 1; y < GRID - 1; y++) {
    for (let x = 1; x < GRID - 1; x++) {
      const patch = [1, 2].flatMap((layer) =>
        Array.from({ length: CHANNELS[layer]! }, (_, channel) => {
          let sum = 0;
          for (let dy = -1; dy <= 1; dy++) {
            for (let dx = -1; dx <= 1; dx++) {
              const token = (y + dy) * GRID + x + dx;
              sum += layers[layer]![token * CHANNELS[layer]! + channel]!;
            }
          }
          return sum / 9;
        }),
      );
      patches.push(patch);
    }
  }
  return patches;
}

function distance(a: readonly number[], b: readonly number[]): number {
  return Math.hypot(...a.map((value, i) => value - b[i]!));
}

const plain = { joined: "2+3", border: "omit", scaling: "none", imageScore: "max" } as const;

test("an image's score is its patches' largest distance to the nearest of all patches", async () => {
  const training = [1, 2, 3, 4].map(image);
  const method = bankOf({ ...plain, share: 1 });
  const { weights, losses } = await filled(method, training);
  expect(losses).toEqual([0, 0]);
  expect(weights["bank/0"]!.shape).toEqual([4 * 9, 9]);

  const remembered = training.flatMap(patchesByHand);
  const scorer = await Scorer.open({ method, context, provider: "cpu" }, weights);
  for (const seed of [7, 8]) {
    const nearest = patchesByHand(image(seed)).map((patch) =>
      Math.min(...remembered.map((other) => distance(patch, other))),
    );
    const { score } = await scorer.score(image(seed).features);
    expect(score).toBeCloseTo(Math.max(...nearest), 4);
  }
  const { score } = await scorer.score(training[2]!.features);
  expect(score).toBeLessThan(2e-3);
  await scorer.close();
});

test("a share of the patches is kept as they are, the same for the same seed", async () => {
  const training = [1, 2, 3, 4].map(image);
  const method = bankOf({ ...plain, share: 0.25, projection: 0 });
  const { weights, losses } = await filled(method, training, 3);
  const bank = weights["bank/0"]!;
  expect(bank.shape).toEqual([9, 9]);
  expect(losses[2]).toBeLessThan(losses[0]!);

  const mean = 0.3;
  const known = training.flatMap(patchesByHand).map((patch) => patch.map((value) => value - mean));
  for (let row = 0; row < 9; row++) {
    const values = [...(bank.data as Float32Array).subarray(row * 9, (row + 1) * 9)];
    expect(Math.min(...known.map((patch) => distance(patch, values)))).toBeLessThan(1e-5);
  }
  expect((await filled(method, training, 3)).weights).toEqual(weights);
});

test("re-weighting is the formula of PatchCore", async () => {
  const training = [1, 2, 3].map(image);
  const count = 3;
  const method = bankOf({ ...plain, share: 1, reweighting: count });
  const { weights } = await filled(method, training);
  const scorer = await Scorer.open({ method, context, provider: "cpu" }, weights);
  const { score } = await scorer.score(image(9).features);
  await scorer.close();

  const remembered = training.flatMap(patchesByHand);
  const nearestTo = (patch: number[]): number[][] =>
    [...remembered].sort((a, b) => distance(patch, a) - distance(patch, b));
  const [query] = patchesByHand(image(9)).sort(
    (a, b) => distance(b, nearestTo(b)[0]!) - distance(a, nearestTo(a)[0]!),
  );
  const [nearest] = nearestTo(query!);
  const scaled = (other: number[]): number => Math.exp(distance(query!, other) / Math.sqrt(9));
  const sum = nearestTo(nearest!)
    .slice(0, count + 1)
    .reduce((total, other) => total + scaled(other), 0);
  const expected = (1 - scaled(nearest!) / sum) * distance(query!, nearest!);
  expect(score).toBeCloseTo(expected, 4);
});

test.each(["channel", "length"] as const)(
  "with scaling %s a layer's size does not decide",
  async (scaling) => {
    const method = bankOf({ ...plain, scaling, share: 1 });
    const { weights } = await filled(method, [1, 2].map(image));
    const rows = weights["bank/0"]!.data as Float32Array;
    const layer = Array.from({ length: 4 }, (_, i) => rows[i]!);
    const [first] = patchesByHand(image(1));
    const expected =
      scaling === "length"
        ? first!.slice(0, 4).map((value) => value / Math.hypot(...first!.slice(0, 4)))
        : first!.slice(0, 4).map((value) => (value - 0.3) / 0.5);
    for (const [i, value] of layer.entries()) expect(value).toBeCloseTo(expected[i]!, 5);
  },
);

test("a bank beyond the limit is refused before it starts, with what to lower", async () => {
  const method = bankOf({ ...plain, memoryLimitMiB: 64, share: 1, largestBank: 4_000_000 });
  const wide = {
    ...context,
    layers: context.layers.map((layer) => ({ ...layer, channels: 1024 })),
  };
  const rounds = method.fit(wide, {
    ...graphRunner("cpu"),
    seed: 1,
    steps: 1,
    images: 1000,
    signal: new AbortController().signal,
    features: () => Promise.reject(new Error("Nothing may be read.")),
  });
  await expect(rounds.next()).rejects.toThrow(
    /fits in 64 MiB, but keeping 9000 of 9000 patches needs about \d+ MiB\. Lower share/,
  );
});

test("without an image its patches are new, and the others' still known", async () => {
  const training = [1, 2, 3].map(image);
  const method = bankOf({ ...plain, share: 1 });
  const { weights } = await filled(method, training);
  const others = method.without!(weights, new Set([1]));
  const two = await filled(method, [training[0]!, training[2]!]);
  expect(others["bank/0"]).toEqual(two.weights["bank/0"]);
  expect(method.without!(weights, new Set([0, 1, 2]))).toEqual(weights);
});
