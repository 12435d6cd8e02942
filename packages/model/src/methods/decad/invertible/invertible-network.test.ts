import { beforeAll, describe, expect, test } from "vitest";

import { gradients } from "../../../autodiff/index.ts";
import {
  input,
  mul,
  printGraph,
  reduceMean,
  reduceSum,
  square,
  sub,
  type Value,
} from "../../../graph/index.ts";
import { createParameters, type Parameters } from "../../../nn/index.ts";
import { exportModel } from "../../../onnx/index.ts";
import { openSession } from "../../../session/index.ts";
import { float32, sample, type Shape, type Tensor, toNumbers } from "../../../tensor/index.ts";
import { actNorm } from "./act-norm.ts";
import { applied, contraction, type ContractionSettings } from "./contraction.ts";
import { invertibleNetwork, type InvertibleSettings } from "./invertible-network.ts";
import { evaluations, monotoneUnit, type Solver } from "./monotone-unit.ts";
import { pila, pilaSlope } from "./pila.ts";

const WIDTH = 24;
const SHORT: Solver = { iterations: 4, mixEvery: 3 };
const EVALUATION: Solver = { iterations: 30, mixEvery: 3 };

const G: ContractionSettings = {
  kind: "single",
  coefficient: 0.9,
  powerIterations: 5,
  initialScale: 1,
  steepness: 5,
  bottleneck: 8,
  depth: 3,
  growth: 10,
};
const network = (kind: ContractionSettings["kind"]): InvertibleSettings => ({
  blocks: 3,
  units: 2,
  layout: "every-unit",
  contraction: { ...G, kind },
});
const KINDS = ["single", "dense", "bottleneck"] as const;

async function run(
  outputs: Record<string, Value>,
  feeds: Record<string, Tensor>,
  parameters?: Record<string, Tensor>,
): Promise<Record<string, Tensor>> {
  const model = exportModel({ outputs, ...(parameters && { parameters }) });
  const session = await openSession(model, { provider: "cpu", threads: 1 });
  return session.run(feeds).finally(() => session.close());
}

const normal = (shape: Shape, seed: number): Tensor => sample({ kind: "normal" }, shape, seed);

/** Weights well above their initial size, so that the limit on the norm is at work everywhere. */
function grown(p: Parameters): Record<string, Tensor> {
  return Object.fromEntries(
    p.all().map(({ attrs: { name, initial } }) => {
      const factor = name.endsWith("weight") ? 4 : 1;
      const data = Float32Array.from(toNumbers(initial), (value) => value * factor);
      return [name, { ...initial, data }];
    }),
  );
}

const numbers = (results: Record<string, Tensor>, name: string): number[] =>
  toNumbers(results[name]!);
const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, index) => sum + value * b[index]!, 0);
const relative = (a: readonly number[], b: readonly number[]): number =>
  Math.hypot(...a.map((value, index) => value - b[index]!)) / Math.hypot(...b);
const row = (values: readonly number[], index: number): number[] =>
  values.slice(index * WIDTH, (index + 1) * WIDTH);
const minus = (a: readonly number[], b: readonly number[]): number[] =>
  a.map((value, index) => value - b[index]!);

describe("Pila", () => {
  test("has its value and slope on both sides, and no NaN far out", async () => {
    const xs = [-1e4, -60, -2, -0.454, -0.1, -1e-3, 0, 1e-3, 0.5, 3, 1e4];
    const x = input("x", [xs.length]);
    // φ of k = 5.
    const y = mul(pila(mul(x, 5)), 0.1);
    const [slope] = gradients(reduceSum(y), [x]);
    const results = await run(
      { y, slope: slope! },
      { x: { dtype: "float32", shape: [xs.length], data: Float32Array.from(xs) } },
    );
    for (const [index, value] of xs.entries()) {
      const tail = Math.exp(5 * Math.min(value, 0));
      const expected = value >= 0 ? value : (12.5 * value ** 3 - 5 * value ** 2 + value) * tail;
      const cubic = 62.5 * value ** 3 + 12.5 * value ** 2 - 5 * value + 1;
      expect(numbers(results, "y")[index]).toBeCloseTo(expected, 5);
      expect(numbers(results, "slope")[index]).toBeCloseTo(value >= 0 ? 1 : cubic * tail, 5);
    }
    expect(numbers(results, "y")[3]).toBeCloseTo(-0.274, 3);
  });

  test("changes by at most what its argument changes", async () => {
    const xs = Float32Array.from({ length: 4001 }, (_, index) => (index - 2000) / 1000);
    const x = input("x", [xs.length]);
    const results = await run(
      { slope: mul(pilaSlope(mul(x, 5)), 0.5) },
      { x: { dtype: "float32", shape: [xs.length], data: xs } },
    );
    const slopes = numbers(results, "slope");
    expect(Math.max(...slopes)).toBeLessThanOrEqual(1 + 1e-6);
    expect(Math.min(...slopes)).toBeCloseTo(-0.348, 3);
  });
});

describe.each(KINDS)("a unit with a %s contraction", (kind) => {
  const settings = { ...G, kind };
  const ROWS = 64;
  let results: Record<string, Tensor>;
  const a = normal([ROWS, WIDTH], 1);
  const b = normal([ROWS, WIDTH], 2);

  beforeAll(async () => {
    const p = createParameters(7);
    const g = contraction(p, WIDTH, settings);
    const unit = monotoneUnit(g);
    const [x1, x2] = [input("a", [ROWS, WIDTH]), input("b", [ROWS, WIDTH])];
    const [y1, y2] = [x1, x2].map((x) => unit.forward(x, EVALUATION).value);
    const outputs = {
      y1: y1!,
      y2: y2!,
      g1: applied(g, x1),
      g2: applied(g, x2),
      inverse: unit.inverse(y1!, EVALUATION).value,
    };
    results = await run(outputs, { a, b }, grown(p));
  });

  test("contracts by no more than its coefficient", () => {
    for (let index = 0; index < ROWS; index++) {
      const [from, to] = [a, b].map((side) => row(toNumbers(side), index));
      const change = minus(row(numbers(results, "g1"), index), row(numbers(results, "g2"), index));
      expect(Math.hypot(...change)).toBeLessThan(0.9 * Math.hypot(...minus(from!, to!)) * 1.001);
    }
  });

  test("is strictly monotone and bi-Lipschitz within (1 − L)/(1 + L) and its inverse", () => {
    for (let index = 0; index < ROWS; index++) {
      const dx = minus(row(toNumbers(a), index), row(toNumbers(b), index));
      const dy = minus(row(numbers(results, "y1"), index), row(numbers(results, "y2"), index));
      const gain = Math.hypot(...dy) / Math.hypot(...dx);
      expect(dot(dx, dy)).toBeGreaterThan(0);
      expect(gain).toBeGreaterThan(0.1 / 1.9);
      expect(gain).toBeLessThan(1.9 / 0.1);
    }
  });

  test("is ((Id + G)/2)⁻¹ − Id: (x + y + G(x + y))/2 = x", async () => {
    const p = createParameters(7);
    const g = contraction(p, WIDTH, settings);
    const u = input("u", [ROWS, WIDTH]);
    const sum = Float32Array.from(toNumbers(a), (x, i) => x + numbers(results, "y1")[i]!);
    const feeds = { u: { ...a, data: sum } };
    const image = await run({ image: applied(g, u) }, feeds, grown(p));
    const halves = numbers(image, "image").map((value, i) => (sum[i]! + value) / 2);
    expect(relative(halves, toNumbers(a))).toBeLessThan(1e-5);
  });

  test("comes back from its inverse", () => {
    expect(relative(numbers(results, "inverse"), toNumbers(a))).toBeLessThan(1e-5);
  });

  test("has the implicit gradients that unrolling gives", async () => {
    const p = createParameters(7);
    const g = contraction(p, WIDTH, settings);
    const x = input("a", [ROWS, WIDTH]);
    const weight = p.all().find(({ attrs }) => attrs.name.endsWith("weight"))!;
    // 60 plain iterations leave nothing to the limit of float32.
    let u: Value = mul(x, 2);
    for (let count = 0; count < 60; count++) u = sub(mul(x, 2), applied(g, u));
    const losses = {
      implicit: reduceMean(square(monotoneUnit(g).forward(x, EVALUATION).value)),
      unrolled: reduceMean(square(sub(u, x))),
    };
    const outputs: Record<string, Value> = {};
    for (const [name, loss] of Object.entries(losses)) {
      const [dx, dw] = gradients(loss, [x, weight]);
      Object.assign(outputs, { [`${name}/x`]: dx, [`${name}/w`]: dw });
    }
    const found = await run(outputs, { a }, grown(p));
    for (const of of ["x", "w"]) {
      const [implicit, unrolled] = [`implicit/${of}`, `unrolled/${of}`].map((name) =>
        numbers(found, name),
      );
      expect(relative(implicit!, unrolled!), of).toBeLessThan(1e-3);
    }
  });
});

describe("the evaluations of a solve", () => {
  const until = { share: 1e-6, least: 3 };

  test.each([
    { rate: 0.1, expected: 6 },
    { rate: 0.27, expected: 11 },
    { rate: 0.001, expected: 3 },
    { rate: 0.9, expected: 30 },
    { rate: 1, expected: 30 },
  ])("are $expected at a rate of $rate", ({ rate, expected }) => {
    expect(evaluations(rate, { ...EVALUATION, until })).toBe(expected);
  });

  test("are all of them where nothing may remain, or nothing is said", () => {
    expect(evaluations(0.1, { ...EVALUATION, until: { share: 0, least: 3 } })).toBe(30);
    expect(evaluations(0.1, EVALUATION)).toBe(30);
  });

  test("are chosen by the weights as they are stored, and suffice", async () => {
    const p = createParameters(3);
    const made = invertibleNetwork(p, WIDTH, {
      ...network("single"),
      contraction: { ...G, initialScale: 0.1 },
    });
    const x = input("x", [16, WIDTH]);
    const solver = { ...EVALUATION, until };
    const forward = made.forward(x, solver).value;
    const outputs = { z: forward, inverse: made.inverse(forward, solver).value };
    const exact = made.forward(x, EVALUATION).value;
    const feed = normal([16, WIDTH], 5);
    const found = await run({ ...outputs, exact }, { x: feed });
    expect(printGraph(outputs).length).toBeLessThan(printGraph({ exact }).length);
    expect(relative(numbers(found, "z"), numbers(found, "exact"))).toBeLessThan(1e-6);
    expect(relative(numbers(found, "inverse"), toNumbers(feed))).toBeLessThan(1e-6);
  });
});

describe("activation normalisation", () => {
  test("starts a batch at mean 0 and deviation 1, with a floor for dead channels", async () => {
    const made = actNorm(createParameters(0).scope("norm"), 2);
    const { start, value } = made.startOn(input("x", [2, 2]));
    const x = float32([2, 2], [5, -1.001, 1, -0.999]);
    const found = await run({ ...start, value }, { x });
    const [shift, logScale] = [numbers(found, "norm/shift"), numbers(found, "norm/logScale")];
    expect(shift[0]).toBeCloseTo(-3, 6);
    expect(shift[1]).toBeCloseTo(1, 6);
    expect(logScale[0]).toBeCloseTo(-Math.log(2), 6);
    expect(logScale[1]).toBeCloseTo(-0.5 * Math.log(0.2), 6);
    expect(numbers(found, "value")[0]).toBeCloseTo(1, 6);
    expect(numbers(found, "value")[2]).toBeCloseTo(-1, 6);
  });

  test("in one graph starts every layer on what those before it make with their own start", async () => {
    const p = createParameters(3);
    const made = invertibleNetwork(p, WIDTH, network("single"));
    const read = input("x", [16, WIDTH]);
    const x = normal([16, WIDTH], 5);
    const start = await run(made.startOn(read, EVALUATION), { x });
    const z = made.forward(read, EVALUATION).value;
    const found = numbers(await run({ z }, { x }, start), "z");
    // Two arrays of each of the three blocks' two normalisations.
    expect(Object.keys(start)).toHaveLength(12);
    for (let channel = 0; channel < WIDTH; channel++) {
      const column = found.filter((_, index) => index % WIDTH === channel);
      const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
      const variance = column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / column.length;
      expect(mean).toBeCloseTo(0, 5);
      expect(variance).toBeLessThan(1 + 1e-5);
    }
  });
});

describe.each(KINDS)("the network with %s contractions", (kind) => {
  const x = normal([16, WIDTH], 5);
  const read = input("x", [16, WIDTH]);
  let results: Record<string, Tensor>;

  beforeAll(async () => {
    const p = createParameters(3);
    const made = invertibleNetwork(p, WIDTH, network(kind));
    const forward = made.forward(read, EVALUATION);
    const short = made.forward(read, SHORT);
    const outputs = {
      z: forward.value,
      inverse: made.inverse(forward.value, EVALUATION).value,
      residual: forward.residual,
      shortResidual: short.residual,
      ...Object.fromEntries(made.spectralNorms.map((norm, index) => [`norm${index}`, norm])),
    };
    // Shifts and scales away from the identity, as after training.
    const weights = grown(p);
    for (const [name, weight] of Object.entries(weights)) {
      if (/logScale|shift/.test(name)) {
        const data = toNumbers(normal(weight.shape, name.length)).map((value) => value * 0.3);
        weights[name] = { ...weight, data: Float32Array.from(data) };
      }
    }
    results = await run(outputs, { x }, weights);
  });

  test("comes back from its inverse within 1e-4, and says so in its residual", () => {
    expect(relative(numbers(results, "inverse"), toNumbers(x))).toBeLessThan(1e-4);
    expect(relative(numbers(results, "z"), toNumbers(x))).toBeGreaterThan(0.1);
    expect(numbers(results, "residual")[0]).toBeLessThan(1e-5);
    expect(numbers(results, "shortResidual")[0]).toBeGreaterThan(numbers(results, "residual")[0]!);
  });

  test("tells six spectral norms", () => {
    for (let index = 0; index < 6; index++) {
      expect(numbers(results, `norm${index}`)[0]).toBeGreaterThan(1);
    }
  });
});

test("the layouts differ in where they normalise", () => {
  const norms = (layout: InvertibleSettings["layout"]): string[] =>
    Object.keys(
      invertibleNetwork(createParameters(0), WIDTH, {
        ...network("single"),
        blocks: 1,
        layout,
      }).startOn(input("x", [16, WIDTH]), EVALUATION),
    ).filter((name) => name.endsWith("/shift"));
  expect(norms("every-unit")).toEqual(["block0/norm0/shift", "block0/norm1/shift"]);
  expect(norms("between-units")).toEqual(["block0/norm0/shift"]);
  expect(norms("every-block")).toEqual(["block0/norm1/shift"]);
});
