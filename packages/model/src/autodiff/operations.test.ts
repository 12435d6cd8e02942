import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { OpKind } from "../graph/index.ts";
import { exportModel } from "../onnx/index.ts";
import { openSession, type Session } from "../session/index.ts";
import { float32, type Tensor, toNumbers, zeros } from "../tensor/index.ts";
import { type BuildCase, operationCases } from "../testing/operation-cases.ts";
import { fixtureGraph, fixtures, relativeError } from "../testing/operation-fixtures.ts";

/** Cases whose finite differences mean nothing: at ties, or where the gradient is not the derivative. */
const NOT_DIFFERENTIABLE = new Set([
  "min",
  "max",
  "reduceMax",
  "maxPool2d tied",
  "topKMask",
  "stopGradient",
  "withGradient",
]);

/** PyTorch's values are float64; ours are float32 sums of at most a few hundred terms. */
const RELATIVE = 2e-5;

/**
 * Central differences in float32 with h = 2⁻⁷: truncation is h² f‴/6 ≈ 1e-5 f‴, rounding
 * 6e-8 Σ|terms| / h ≈ 1e-5 Σ|terms|. A wrong rule is off by its own size.
 */
const STEP = 2 ** -7;
const DIFFERENCE_TOLERANCE = 4e-3;

/** Elements of each input that are shifted; the images have more, and two runs each. */
const SHIFTED = 48;

function expectClose(
  actual: readonly number[],
  expected: readonly number[],
  tolerance: number,
): void {
  const message = `expected ${expected.join(" ")}\ngot ${actual.join(" ")}`;
  expect(relativeError(actual, expected), message).toBeLessThan(tolerance);
}

const { cases, outputs, feeds } = fixtureGraph(Object.keys(fixtures));
let session: Session;
let results: Record<string, Tensor>;
const read = (name: string): number[] => toNumbers(results[name] ?? zeros([0]));

beforeAll(async () => {
  session = await openSession(exportModel({ outputs }), { provider: "cpu", threads: 1 });
  results = await session.run(feeds);
});
afterAll(() => session.close());

test("every operation has a fixture from PyTorch", () => {
  const kinds = Object.entries(operationCases) as [OpKind, Record<string, BuildCase>][];
  for (const [kind, named] of kinds) {
    expect(Object.keys(named), `cases of ${kind}`).not.toHaveLength(0);
    for (const name of Object.keys(named))
      expect(fixtures, `case of ${kind}`).toHaveProperty([name]);
  }
});

test("every operation that a gradient can pass is checked with one", () => {
  const checked = (name: string): boolean =>
    fixtures[name]?.gradients?.some((gradient) => gradient !== null) ?? false;
  const unchecked = Object.entries(operationCases)
    .filter(([, named]) => !Object.keys(named).some(checked))
    .map(([kind]) => kind);

  expect(unchecked).toEqual(["sign", "not", "less", "lessOrEqual", "equal", "and", "or"]);
});

describe("against PyTorch", () => {
  test.each(cases)("$name has its value", ({ name, fixture, output }) => {
    expect(output.shape).toEqual(fixture.output.shape);
    expectClose(read(`${name}/output`), fixture.output.data, RELATIVE);
  });

  const trained = cases.filter(({ fixture }) => fixture.gradients !== undefined);
  test.each(trained)("$name has its gradient", ({ name, fixture }) => {
    for (const [index, expected] of (fixture.gradients ?? []).entries()) {
      if (expected === null) continue;
      expectClose(read(`${name}/gradient/${index}`), expected, RELATIVE);
    }
  });
});

describe("against central differences", () => {
  const smooth = cases.filter(
    ({ name, fixture }) => fixture.gradients !== undefined && !NOT_DIFFERENTIABLE.has(name),
  );
  const numeric = new Map<string, number[]>();

  // Every case is shifted in the same run: element k of input `index` of all cases at once.
  beforeAll(async () => {
    const wanted = smooth.map(({ name }) => `${name}/loss`);
    for (const index of [0, 1, 2]) {
      for (let element = 0; element < SHIFTED; element++) {
        const above = await session.run(shifted(index, element, STEP), { outputs: wanted });
        const below = await session.run(shifted(index, element, -STEP), { outputs: wanted });
        for (const { name, fixture } of smooth) {
          if (element >= (fixture.gradients?.[index]?.length ?? 0)) continue;
          const [up, down] = [above, below].map((run) => toNumbers(run[`${name}/loss`]!)[0]!);
          const key = `${name}/${index}`;
          const found = numeric.get(key) ?? [];
          found.push((up! - down!) / (2 * STEP));
          numeric.set(key, found);
        }
      }
    }
  });

  test.each(smooth)("$name has the slope of its loss", ({ name, fixture }) => {
    for (const [index, expected] of (fixture.gradients ?? []).entries()) {
      if (expected === null) continue;
      const analytic = read(`${name}/gradient/${index}`);
      const slopes = numeric.get(`${name}/${index}`) ?? [];
      expectClose(analytic.slice(0, SHIFTED), slopes, DIFFERENCE_TOLERANCE);
    }
  });
});

function shifted(index: number, element: number, by: number): Record<string, Tensor> {
  const moved: Record<string, Tensor> = { ...feeds };
  for (const { name, fixture } of cases) {
    const array = fixture.inputs[index];
    if (array?.dtype !== "float32" || element >= array.data.length) continue;
    const data = Float32Array.from(array.data);
    data[element]! += by;
    moved[`${name}/${index}`] = float32(array.shape, data);
  }
  return moved;
}
