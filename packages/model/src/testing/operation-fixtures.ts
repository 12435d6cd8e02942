import { readFileSync } from "node:fs";

import { gradients } from "../autodiff/index.ts";
import { cast, constantOf, input, mul, reduceSum, type Value } from "../graph/index.ts";
import { float32, type Tensor, tensor } from "../tensor/index.ts";
import { type BuildCase, composedCases, operationCases } from "./operation-cases.ts";

type FixtureArray = { shape: number[]; dtype: "float32" | "int32" | "bool"; data: number[] };

/** What PyTorch made of one case; written by `bench/reference/operations.py`. */
export type Fixture = {
  inputs: FixtureArray[];
  output: Omit<FixtureArray, "dtype">;
  /** The gradients are those of Σ output · weights. */
  weights?: number[];
  gradients?: (number[] | null)[];
};

export type FixtureCase = {
  readonly name: string;
  readonly fixture: Fixture;
  readonly output: Value;
};

/** All cases as one graph, since a session for each would take minutes. */
export type FixtureGraph = {
  readonly cases: readonly FixtureCase[];
  /** `<case>/output`, `<case>/loss` and `<case>/gradient/<input>`. */
  readonly outputs: Readonly<Record<string, Value>>;
  /** `<case>/<input>`. */
  readonly feeds: Readonly<Record<string, Tensor>>;
};

function toTensor(array: FixtureArray): Tensor {
  if (array.dtype === "float32") return float32(array.shape, array.data);
  if (array.dtype === "bool") return tensor("bool", array.shape, Uint8Array.from(array.data));
  return tensor("int32", array.shape, Int32Array.from(array.data));
}

export const fixtures = JSON.parse(
  readFileSync(new URL("../../test/fixtures/operations.json", import.meta.url), "utf8"),
) as Record<string, Fixture>;

const builders: Record<string, BuildCase> = Object.fromEntries(
  [...Object.values(operationCases), composedCases].flatMap((named) => Object.entries(named)),
);

/** The graph of the named cases with their losses and gradients. */
export function fixtureGraph(names: readonly string[]): FixtureGraph {
  const outputs: Record<string, Value> = {};
  const feeds: Record<string, Tensor> = {};
  const cases = names.map((name): FixtureCase => {
    const fixture = fixtures[name];
    const build = builders[name];
    if (fixture === undefined || build === undefined) {
      throw new Error(`"${name}" needs a fixture and a case. Run bench/reference/operations.py.`);
    }
    const inputs = fixture.inputs.map((array, index) => {
      feeds[`${name}/${index}`] = toTensor(array);
      return input(`${name}/${index}`, array.shape, array.dtype);
    });
    const output = build(...inputs);
    outputs[`${name}/output`] = output.dtype === "bool" ? cast(output, "float32") : output;
    if (fixture.weights !== undefined) {
      const loss = reduceSum(mul(output, constantOf(fixture.weights, output.shape)));
      outputs[`${name}/loss`] = loss;
      const sources = inputs.filter((_, index) => fixture.gradients?.[index]);
      const found = gradients(loss, sources);
      for (const [index, source] of inputs.entries()) {
        const gradient = found[sources.indexOf(source)];
        if (gradient !== undefined) outputs[`${name}/gradient/${index}`] = gradient;
      }
    }
    return { name, fixture, output };
  });
  return { cases, outputs, feeds };
}

/** Largest difference over the largest expected magnitude; infinite when the lengths differ. */
export function relativeError(actual: readonly number[], expected: readonly number[]): number {
  if (actual.length !== expected.length) return Infinity;
  const scale = Math.max(1e-3, ...expected.map(Math.abs));
  const differences = expected.map((value, index) => Math.abs(value - (actual[index] ?? NaN)));
  return differences.some(Number.isNaN) ? Infinity : Math.max(...differences) / scale;
}
