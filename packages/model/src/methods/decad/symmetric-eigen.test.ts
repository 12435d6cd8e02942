import { expect, test } from "vitest";

import { createRandom } from "../../tensor/index.ts";
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
