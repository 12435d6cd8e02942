import { readFile } from "node:fs/promises";

import fc from "fast-check";
import { expect, test } from "vitest";

import { auroc } from "./auroc.ts";
import { PixelAuroc } from "./pixel-auroc.ts";

const sample = fc
  .array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.boolean()), { minLength: 2, maxLength: 60 })
  .filter((rows) => new Set(rows.map(([, anomalous]) => anomalous)).size === 2)
  .map((rows) => ({
    scores: Float32Array.from(rows, ([score]) => score / 4),
    labels: Uint8Array.from(rows, ([, anomalous]) => Number(anomalous)),
  }));

/** Every pair of an anomalous and a normal score, ties counting half. */
function byCountingPairs(scores: Float32Array, labels: Uint8Array): number {
  let wins = 0;
  let pairs = 0;
  for (const [i, s] of scores.entries()) {
    for (const [j, t] of scores.entries()) {
      if (labels[i] !== 1 || labels[j] !== 0) continue;
      pairs++;
      wins += s > t ? 1 : s === t ? 0.5 : 0;
    }
  }
  return wins / pairs;
}

async function pixelAuroc(scores: Float32Array, labels: Uint8Array): Promise<number | null> {
  const metric = new PixelAuroc();
  metric.add(scores, labels);
  return metric.value();
}

test("counts a tie as half a win", () => {
  expect(auroc(Float32Array.of(1, 1), Uint8Array.of(0, 1))).toBe(0.5);
});

test("counts the ties of a small sample as by hand", async () => {
  // Of four normal scores, .35 beats one, .8 all, .4 one and two halves, .65 three.
  const scores = Float32Array.of(0.1, 0.4, 0.35, 0.8, 0.4, 0.4, 0.7, 0.65);
  const labels = Uint8Array.of(0, 0, 1, 1, 0, 1, 0, 1);
  expect(auroc(scores, labels)).toBeCloseTo(0.625, 12);
  expect(await pixelAuroc(scores, labels)).toBeCloseTo(0.625, 12);
});

type Reference = { seed: number; count: number; levels: number; share: number; auroc: number };

/** The pseudo-random integers of bench/reference/metrics.py. */
function sequence(seed: number, count: number): number[] {
  let state = BigInt(seed);
  return Array.from({ length: count }, () => {
    state = (state * 1103515245n + 12345n) % 2147483648n;
    return Number(state >> 8n);
  });
}

test("agrees with scikit-learn on samples with few and with many ties", async () => {
  const path = new URL("../../test/fixtures/auroc.json", import.meta.url);
  const references = JSON.parse(await readFile(path, "utf8")) as Reference[];
  expect(references).toHaveLength(5);
  for (const { seed, count, levels, share, auroc: expected } of references) {
    const raw = sequence(seed, 2 * count);
    const labels = Uint8Array.from(raw.slice(count), (v) => Number(v % 10000 < 10000 * share));
    const scores = Float32Array.from(
      labels,
      (label, i) => ((raw[i]! % levels) + label * Math.floor(levels / 3)) / 8,
    );
    expect(auroc(scores, labels)).toBeCloseTo(expected, 12);
    expect(await pixelAuroc(scores, labels)).toBeCloseTo(expected, 12);
  }
});

test("is undefined when only one class is there", async () => {
  expect(auroc(Float32Array.of(1, 2), Uint8Array.of(0, 0))).toBeNull();
  expect(await pixelAuroc(Float32Array.of(1, 2), Uint8Array.of(1, 1))).toBeNull();
});

test("images and pixels agree with counting every pair by hand", async () => {
  await fc.assert(
    fc.asyncProperty(sample, async ({ scores, labels }) => {
      const expected = byCountingPairs(scores, labels);
      expect(auroc(scores, labels)).toBeCloseTo(expected, 10);
      expect(await pixelAuroc(scores, labels)).toBeCloseTo(expected, 10);
    }),
  );
});

test("does not change under a rising transform of the scores", () => {
  fc.assert(
    fc.property(sample, ({ scores, labels }) => {
      const moved = scores.map((score) => 2 * score + 7);
      expect(auroc(moved, labels)).toBeCloseTo(auroc(scores, labels) ?? Number.NaN, 10);
    }),
  );
});

test("pixels of several images make one curve, good images without a mask", async () => {
  const metric = new PixelAuroc();
  metric.add(Float32Array.of(-0, 0.2, 0.9), Uint8Array.of(0, 0, 1));
  metric.add(Float32Array.of(0, 0.95), null);
  // The one defective pixel beats three of four normal ones.
  expect(await metric.value()).toBe(0.75);
});

test("hundreds of thousands of pixels agree with the sort-based area", async () => {
  const length = 400_000;
  let state = 1;
  const next = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const labels = Uint8Array.from({ length }, () => (next() < 0.03 ? 1 : 0));
  const scores = Float32Array.from(labels, (label) => next() - 0.3 + 0.4 * label);
  const exact = auroc(scores, labels);
  expect(await pixelAuroc(scores, labels)).toBeCloseTo(exact ?? Number.NaN, 9);
});

test("refuses what is not a number instead of ranking it", () => {
  expect(() => new PixelAuroc().add(Float32Array.of(Number.NaN), null)).toThrow("NaN");
});
