import { expect, test } from "vitest";

import {
  everywhere,
  overallStatistics,
  cellStatistics,
  pooled,
  spreadOut,
  standardCells,
} from "./cell-statistics.ts";

test("a map is averaged over the cells of a grid that does not divide it", () => {
  const values = Float32Array.from({ length: 25 }, (_, at) => at % 5);
  const cells = pooled({ width: 5, height: 5, values }, 2);
  // Columns 0 … 2 and 3 … 4.
  expect([...cells]).toEqual([1, 3.5, 1, 3.5]);
});

test("each cell has half its mean, and a spread that no cell falls far below", () => {
  const { base, spread } = cellStatistics([
    Float32Array.of(1, 10),
    Float32Array.of(3, 10),
    Float32Array.of(1, 10),
    Float32Array.of(3, 10),
  ]);
  expect([...base]).toEqual([1, 5]);
  expect(spread[0]).toBeCloseTo(1.5);
  expect(spread[1]).toBeCloseTo(0.5);
  expect([...cellStatistics([Float32Array.of(7)]).spread]).toEqual([Math.fround(1e-6)]);
});

test("what is not known of a cell is known of all", () => {
  const overall = overallStatistics([Float32Array.of(1, 1), Float32Array.of(3, 3)]);
  expect(overall).toEqual({ base: 1, spread: 2 });
  const cells = standardCells(Float32Array.of(3, 1), everywhere(overall, 2));
  expect(cells[0]).toBeCloseTo(1);
  expect(cells[1]).toBe(0);
});

test("between the centres of cells values are bilinear, beyond them constant", () => {
  const values = spreadOut(Float32Array.of(0, 8, 0, 8), 2, 8);
  expect([...values.subarray(0, 8)]).toEqual([0, 0, 1, 3, 5, 7, 8, 8]);
  expect([...values.subarray(56)]).toEqual([...values.subarray(0, 8)]);
});
