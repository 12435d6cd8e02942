import { expect, test } from "vitest";

import { createRandom, mixSeed, sample } from "./random.ts";

function moments(data: ArrayLike<number>): { mean: number; std: number } {
  const values = Array.from(data);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, std: Math.sqrt(variance) };
}

test("a seed determines the samples, and other seeds give others", () => {
  const draw = (seed: number) => sample({ kind: "normal" }, [64], seed).data;

  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
});

test("mixed seeds tell their parts apart", () => {
  const seeds = [mixSeed(1, 2, "a"), mixSeed(2, 1, "a"), mixSeed(12, "a"), mixSeed(1, 2, "b")];

  expect(new Set(seeds).size).toBe(4);
});

test("samples have the moments of their distribution", () => {
  const many = [200_000];
  const normal = moments(sample({ kind: "normal" }, many, 3).data as Float32Array);
  expect(normal.mean).toBeCloseTo(0, 1.9);
  expect(normal.std).toBeCloseTo(1, 2);
  const uniform = moments(
    sample({ kind: "uniform", low: -1, high: 3 }, many, 3).data as Float32Array,
  );
  expect(uniform.mean).toBeCloseTo(1, 1.5);
  expect(uniform.std).toBeCloseTo(4 / Math.sqrt(12), 1.5);
  const kept = sample({ kind: "dropout", keep: 0.8 }, many, 3).data as Float32Array;
  expect(new Set(kept)).toEqual(new Set([0, Math.fround(1 / 0.8)]));
  expect(moments(kept).mean).toBeCloseTo(1, 1.9);
});

test("neighbouring samples are not correlated", () => {
  const data = sample({ kind: "normal" }, [100_000], 5).data as Float32Array;
  let product = 0;
  for (let index = 1; index < data.length; index++) product += data[index]! * data[index - 1]!;

  expect(Math.abs(product / data.length)).toBeLessThan(0.015);
});

test("integers cover their range", () => {
  const random = createRandom(9);
  const seen = new Set(Array.from({ length: 200 }, () => random.integer(5)));

  expect([...seen].sort()).toEqual([0, 1, 2, 3, 4]);
});
