import type { RunPoint } from "@loupe/contracts";
import fc from "fast-check";
import { expect, test } from "vitest";

import { isCollapsed, membersInUse, newestShares, stackShares } from "./gauge-shares.ts";
import { readGauges, readLosses } from "./read-curves.ts";

const points: RunPoint[] = [
  { step: 1, loss: 2, terms: { distil: 1.5, "experts/0": 0.5, "experts/10": 0.2 } },
  { step: 2, loss: 1, terms: { distil: 0.8, constraint: 0.2 } },
  { step: 4, loss: 0.5, terms: { distil: 0.3, "experts/2": 0.3, "solver/residual": 1e-6 } },
];

test("each part of the loss is a curve of its own, beside their sum", () => {
  expect(readLosses(points)).toEqual({
    steps: [1, 2, 4],
    curves: [
      { name: "loss", values: [2, 1, 0.5] },
      { name: "distil", values: [1.5, 0.8, 0.3] },
      { name: "constraint", values: [null, 0.2, null] },
    ],
  });
});

test("a part that is the whole loss names it", () => {
  const rounds = [3, 2].map((radius, i) => ({ step: i + 1, loss: radius, terms: { radius } }));
  expect(readLosses(rounds)).toEqual({
    steps: [1, 2],
    curves: [{ name: "radius", values: [3, 2] }],
  });
});

test("gauges come in groups, by number, at the steps at which they were read", () => {
  const [experts, solver] = readGauges(points);
  expect(experts).toMatchObject({ group: "experts", steps: [1, 4] });
  expect(experts?.curves.map(({ name }) => name)).toEqual(["0", "2", "10"]);
  expect(solver).toEqual({
    group: "solver",
    steps: [4],
    curves: [{ name: "residual", values: [1e-6] }],
  });
});

test("stacked shares end at one, whatever the shares sum to", () => {
  const values = fc.array(fc.double({ min: 0.01, max: 5, noNaN: true }), {
    minLength: 2,
    maxLength: 8,
  });
  fc.assert(
    fc.property(values, (shares) => {
      const curves = shares.map((share, i) => ({ name: String(i), values: [share] }));
      const stacked = stackShares({ steps: [1], curves }).map(([value]) => value!);
      expect(stacked.at(-1)).toBeCloseTo(1, 9);
      expect(stacked).toEqual([...stacked].sort((a, b) => a - b));
      expect(newestShares({ steps: [1], curves }).reduce((a, b) => a + b)).toBeCloseTo(1, 9);
    }),
  );
});

test("counts the members in use, and sees that few have everything", () => {
  expect(membersInUse([0.2, 0.2, 0.2, 0.2, 0.2])).toBeCloseTo(5, 9);
  expect(membersInUse([1, 0, 0])).toBe(1);
  expect(isCollapsed([0.5, 0.5, 0, 0, 0], 2)).toBe(true);
  expect(isCollapsed([0.4, 0.3, 0.1, 0.1, 0.1], 2)).toBe(false);
  // Two of two is no collapse: there is nobody else.
  expect(isCollapsed([0.5, 0.5], 2)).toBe(false);
});
