import { expect, test } from "vitest";

import { gradients } from "../../autodiff/index.ts";
import { constantOf, input, mul, reduceSum, type Value } from "../../graph/index.ts";
import { createParameters, type Parameters } from "../../nn/index.ts";
import { exportModel } from "../../onnx/index.ts";
import { openSession } from "../../session/index.ts";
import { float32, type Tensor, toNumbers } from "../../tensor/index.ts";
import { wave } from "../../testing/wave-parameters.ts";
import { importanceLoss, mixtureOfExperts, type MixtureOptions } from "./mixture-of-experts.ts";

const TOKENS = 6;
const WIDTH = 4;
const x = wave([TOKENS, WIDTH], 1, 2);

async function evaluate(
  outputs: Record<string, Value>,
  weights: Record<string, Tensor> = {},
): Promise<Record<string, number[]>> {
  const model = exportModel({ outputs, parameters: weights });
  const session = await openSession(model, { provider: "cpu", threads: 1 });
  const feeds = session.inputNames.includes("x") ? { x: float32([TOKENS, WIDTH], x) } : {};
  const results = await session.run(feeds).finally(() => session.close());
  return Object.fromEntries(
    Object.entries(results).map(([name, value]) => [name, [...toNumbers(value)]]),
  );
}

function build(options: Partial<MixtureOptions>): {
  p: Parameters;
  mixture: ReturnType<typeof mixtureOfExperts>;
} {
  const p = createParameters(4);
  const all = {
    experts: 3,
    active: 2,
    ratio: 0.5,
    gate: "softmax-first",
    residual: false,
    ...options,
  } as const;
  return { p, mixture: mixtureOfExperts(p, input("x", [TOKENS, WIDTH]), all) };
}

/** Router weights far enough apart that no tie is near. */
function spreadRouter(p: Parameters): Record<string, Tensor> {
  const { shape } = p.find("router/weight")!;
  return { "router/weight": float32(shape, wave(shape, 2, 1)) };
}

test("all experts of a token weigh 1 together, and K of T only when renormalised", async () => {
  for (const [active, gate, sum] of [
    [3, "softmax-first", 1],
    [2, "top-k-first", 1],
    [1, "top-k-first", 1],
  ] as const) {
    const { p, mixture } = build({ active, gate });
    // Experts that give 1 whatever they see: their output is the sum of the weights.
    const weights = {
      ...spreadRouter(p),
      "experts/out/weight": float32([3 * 2, WIDTH], new Float32Array(24)),
      "experts/out/bias": float32([3, WIDTH], new Float32Array(12).fill(1)),
    };
    const { output, shares } = await evaluate(
      { output: mixture.output, shares: mixture.shares },
      weights,
    );
    for (const value of output!) expect(value).toBeCloseTo(sum, 5);
    expect(shares!.reduce((total, share) => total + share)).toBeCloseTo(active, 5);
  }
});

/** gelu by the integral of the normal density, good to six digits for small arguments. */
function gelu(value: number): number {
  const steps = 2000;
  let area = 0;
  for (let k = 0; k < steps; k++) {
    const at = ((k + 0.5) / steps) * value;
    area += (Math.exp((-at * at) / 2) / Math.sqrt(2 * Math.PI)) * (value / steps);
  }
  return value * (0.5 + area);
}

test("one expert is an adapter: a plain MLP with weight 1", async () => {
  const { p, mixture } = build({ experts: 1, active: 1, ratio: 1 });
  const { output, importance } = mixture;
  const results = await evaluate({ output, importance });
  const [inner, outer] = ["experts/in/weight", "experts/out/weight"].map((name) =>
    toNumbers(p.find(name)!.attrs.initial),
  );
  const times = (row: readonly number[], matrix: ArrayLike<number>): number[] =>
    row.map((_, c) => row.reduce((sum, value, k) => sum + value * matrix[k * WIDTH + c]!, 0));
  for (let token = 0; token < TOKENS; token++) {
    const row = [...x.subarray(token * WIDTH, (token + 1) * WIDTH)];
    const expected = times(times(row, inner!).map(gelu), outer!);
    for (const [c, value] of expected.entries()) {
      expect(results.output![token * WIDTH + c]).toBeCloseTo(value, 5);
    }
  }
  expect(results.importance![0]).toBeCloseTo(0, 6);
});

test("a residual leaves every token as it is until its experts have learned", async () => {
  const { mixture } = build({ residual: true });
  const { output } = await evaluate({ output: mixture.output });
  expect(output).toEqual([...x]);
});

test("the importance loss is the squared coefficient of variation", async () => {
  const scores = constantOf([0.9, 0.1, 0.5, 0.5, 0.7, 0.3], [3, 2]);
  const { loss } = await evaluate({ loss: importanceLoss(scores) });
  // Importances 2.1 and 0.9: mean 1.5, variance 0.36.
  expect(loss![0]).toBeCloseTo(0.36 / 2.25, 5);
});

test("the router's gradient is the slope of what its weights do", async () => {
  const { p, mixture } = build({});
  const router = p.find("router/weight")!;
  const direction = constantOf(wave([TOKENS, WIDTH], 5, 1), [TOKENS, WIDTH]);
  const value = reduceSum(mul(mixture.output, direction));
  const [gradient] = gradients(value, [router]) as [Value];
  const name = "router/weight";
  const start = spreadRouter(p)[name]!;
  const model = exportModel({ outputs: { value, gradient }, fed: new Set([name]) });
  const session = await openSession(model, { provider: "cpu", threads: 1 });
  const at = async (weights: Tensor): Promise<Record<string, Tensor>> =>
    session.run({ x: float32([TOKENS, WIDTH], x), [name]: weights });
  const found = toNumbers((await at(start))["gradient"]!);
  for (const place of [0, 4, 7, 11]) {
    const moved = async (step: number): Promise<number> => {
      const values = toNumbers(start).map((weight, i) => (i === place ? weight + step : weight));
      return toNumbers((await at(float32(router.shape, values)))["value"]!)[0]!;
    };
    const slope = ((await moved(1e-2)) - (await moved(-1e-2))) / 2e-2;
    expect(found[place]!).toBeCloseTo(slope, 3);
  }
  await session.close();
});
