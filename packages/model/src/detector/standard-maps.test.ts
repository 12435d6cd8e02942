import { expect, test } from "vitest";

import { StandardMaps } from "./standard-maps.ts";

const SCORING = {
  overall: { base: 1, spread: 2 },
  cells: {
    board: { base: Float32Array.of(5, 1, 1, 1), spread: Float32Array.of(1, 1, 1, 0.5) },
  },
};

const maps = () => new StandardMaps(SCORING, 2, (tokens) => Math.max(...tokens));

test("a cell that is always high is no finding, one that never is becomes one", () => {
  const usual = { width: 2, height: 2, values: Float32Array.of(5, 1, 1, 1) };
  expect([...maps().standardise(usual, "board").map.values]).toEqual([0, 0, 0, 0]);
  const odd = { width: 2, height: 2, values: Float32Array.of(5, 1, 1, 3) };
  const { score, map } = maps().standardise(odd, "board");
  expect(score).toBe(4);
  expect([...map.values]).toEqual([0, 0, 0, 4]);
  expect(map).toMatchObject({ width: 2, height: 2 });
});

test("an unknown category is held against all cells of all images", () => {
  const map = { width: 4, height: 4, values: new Float32Array(16).fill(5) };
  const standard = maps().standardise(map, "cap");
  expect(standard.score).toBe(2);
  expect(new Set(standard.map.values)).toEqual(new Set([2]));
});
