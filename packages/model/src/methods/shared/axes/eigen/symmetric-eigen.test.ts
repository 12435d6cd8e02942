import { expect, test } from "vitest";

import { createRandom } from "../../../../tensor/index.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";

/** B Bᵀ of a random B, of the given rank. */
function gram(n: number, rank: number): Float64Array {
  const random = createRandom(4);
  const b = Float64Array.from({ length: n * rank }, () => random.normal());
  return Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    let sum = 0;
    for (let k = 0; k < rank; k++) sum += b[i * rank + k]! * b[j * rank + k]!;
    return sum;
  });
}

test.each([
  ["full rank", 40, 60],
  ["a deficient rank", 30, 7],
  ["one row", 1, 1],
  ["two rows", 2, 2],
])("a matrix of %s is its vectors times its values", async (_, n, rank) => {
  const matrix = gram(n, rank);
  const { values, vectors } = await symmetricEigen(matrix, n);
  const scale = Math.max(...matrix.map(Math.abs));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let [rebuilt, inner] = [0, 0];
      for (let k = 0; k < n; k++) {
        rebuilt += vectors[i * n + k]! * values[k]! * vectors[j * n + k]!;
        inner += vectors[k * n + i]! * vectors[k * n + j]!;
      }
      expect(Math.abs(rebuilt - matrix[i * n + j]!) / scale).toBeLessThan(1e-12);
      expect(inner).toBeCloseTo(i === j ? 1 : 0, 10);
    }
  }
  expect([...values]).toEqual([...values].sort((a, b) => b - a));
});

test("a diagonal matrix keeps its axes, sorted", async () => {
  const { values, vectors } = await symmetricEigen(Float64Array.of(1, 0, 0, 0, 5, 0, 0, 0, 3), 3);
  expect([...values]).toEqual([5, 3, 1]);
  expect([...vectors].map(Math.abs)).toEqual([0, 0, 1, 1, 0, 0, 0, 1, 0]);
});

/** Clusters, a deficient rank and rows that a reflection leaves at 0: what eigensolvers trip over. */
const matrices: readonly (readonly [string, Float64Array, number])[] = [
  ["full rank", gram(37, 60), 37],
  ["a deficient rank", gram(30, 7), 30],
  ["nothing in it", new Float64Array(25), 5],
  ["equal values", Float64Array.from({ length: 36 }, (_, at) => (at % 7 === 0 ? 3 : 0)), 6],
  [
    "values over twenty decades",
    Float64Array.from({ length: 144 }, (_, at) => {
      const [i, j] = [Math.floor(at / 12), at % 12];
      return 10 ** -(i + j) * (1 + Number(i === j));
    }),
    12,
  ],
];

test.each(matrices)("A v = λ v for the chosen vectors of a matrix of %s", async (_, matrix, n) => {
  const all = await symmetricEigen(matrix, n);
  const places = [n - 1, 0, Math.floor(n / 2), 0];
  const { values, vectors } = await symmetricEigen(matrix, n, () => places);
  const scale = Math.max(...matrix.map(Math.abs), 1e-300);
  expect(values).toEqual(all.values);
  for (const [column, place] of places.entries()) {
    const v = Array.from({ length: n }, (__, row) => vectors[row * places.length + column]!);
    expect(Math.hypot(...v)).toBeCloseTo(1, 12);
    for (let i = 0; i < n; i++) {
      const product = v.reduce((sum, x, j) => sum + matrix[i * n + j]! * x, 0);
      expect(Math.abs(product - values[place]! * v[i]!) / scale).toBeLessThan(1e-13 * n);
      expect(v[i]).toBe(all.vectors[i * n + place]);
    }
  }
});

test("what is chosen is asked by the values", async () => {
  const { values, vectors } = await symmetricEigen(gram(9, 12), 9, (found) => [
    found.findIndex((value) => value < found[0]! / 2),
  ]);
  expect(values).toHaveLength(9);
  expect(vectors).toHaveLength(9);
});
