import { expect, test } from "vitest";

import { add, constantOf, input, matMul, mul, reduceSum, type Value } from "../graph/index.ts";
import { exportModel } from "../onnx/index.ts";
import { openSession } from "../session/index.ts";
import { float32, toNumbers } from "../tensor/index.ts";
import { fixedPoint, gradients } from "./index.ts";

/** Eigenvalues 0.9 and 0.2: plain iteration keeps 0.9 of its error at each step. */
const matrix = constantOf([0.55, 0.35, 0.35, 0.55], [2, 2]);
const given = float32([3, 2], [1, 0, 0, 2, 0, 0]);

function solve(c: Value, iterations: number, mixEvery?: number): Value {
  const step = (z: Value): Value => add(matMul(z, matrix), c);
  return fixedPoint({ step, start: mul(c, 0), iterations, ...(mixEvery && { mixEvery }) });
}

async function errorsOf(values: Record<string, Value>, exact: Value): Promise<number[]> {
  const session = await openSession(exportModel({ outputs: { ...values, exact } }), {
    provider: "cpu",
    threads: 1,
  });
  const results = await session.run({ c: given }).finally(() => session.close());
  const truth = toNumbers(results.exact!);
  return Object.keys(values).map((name) =>
    Math.hypot(...toNumbers(results[name]!).map((value, index) => value - truth[index]!)),
  );
}

test("mixing brings a slow iteration closer in as many steps, and leaves a zero row alone", async () => {
  const c = input("c", [3, 2]);
  const [plain, mixed] = await errorsOf(
    { plain: solve(c, 16), mixed: solve(c, 16, 2) },
    solve(c, 300),
  );
  expect(plain).toBeGreaterThan(0.1);
  expect(mixed).toBeLessThan(plain! / 20);
});

test("the gradient is mixed as well", async () => {
  const c = input("c", [3, 2]);
  const gradient = (value: Value): Value => {
    const weights = constantOf([1, 2, -1, 0.5, 3, 1], [3, 2]);
    const [found] = gradients(reduceSum(mul(value, weights)), [c]);
    if (found === undefined) throw new Error("Expected a gradient.");
    return found;
  };
  const [plain, mixed] = await errorsOf(
    { plain: gradient(solve(c, 16)), mixed: gradient(solve(c, 16, 2)) },
    gradient(solve(c, 300)),
  );
  expect(plain).toBeGreaterThan(0.1);
  expect(mixed).toBeLessThan(plain! / 20);
});
