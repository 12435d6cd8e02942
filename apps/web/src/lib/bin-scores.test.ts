import fc from "fast-check";
import { expect, test } from "vitest";

import { binScores } from "./bin-scores.ts";

test("counts every score once, in the bin that holds it", () => {
  const scores = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(scores, scores, fc.integer({ min: 1, max: 40 }), (good, defective, bins) => {
      const binned = binScores([good, defective], bins)!;
      expect(binned.edges).toHaveLength(bins + 1);
      expect(binned.counts.map((row) => row.reduce((sum, n) => sum + n, 0))).toEqual([
        good.length,
        defective.length,
      ]);
      for (const [i, edge] of binned.edges.slice(1).entries()) {
        expect(edge).toBeGreaterThan(binned.edges[i]!);
      }
    }),
    {
      examples: [
        [[0], [5e-324], 2],
        [[1], [1 + Number.EPSILON], 40],
      ],
    },
  );
});

test("puts the largest score into the last bin", () => {
  expect(binScores([[0, 1, 2, 3, 4]], 4)?.counts).toEqual([[1, 1, 1, 2]]);
});

test("has nothing to show without scores, and a bin for equal ones", () => {
  expect(binScores([[], [Number.NaN]], 4)).toBeNull();
  expect(binScores([[2, 2]], 2)?.counts).toEqual([[0, 2]]);
});
