import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { input, linear, parameter, reduceMean, square, sub, tanh } from "../graph/index.ts";
import { openTrainingSession } from "../session/index.ts";
import { float32, toNumbers } from "../tensor/index.ts";
import { adam, adamW, type Optimiser, trainingGraph, warmUpCosine } from "./index.ts";

type Fixture = {
  start: { x: number[]; target: number[]; weight: number[]; bias: number[] };
  losses: number[];
  gradientNorms: number[];
  rates: number[];
  weight: number[];
  bias: number[];
  average: number[];
};

const fixtures = JSON.parse(
  readFileSync(new URL("../../test/fixtures/optimisers.json", import.meta.url), "utf8"),
) as Record<"adamw" | "adam" | "clippedApart", Fixture>;

const STEPS = 50;
const schedule = warmUpCosine({ peak: 0.05, steps: STEPS, warmUpSteps: 5 });

/** PyTorch ran in float64; 50 float32 steps drift apart by about 1e-6 of the values. */
const TOLERANCE = 2e-5;

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  for (const [index, value] of expected.entries()) {
    expect(Math.abs((actual[index] ?? NaN) - value)).toBeLessThan(TOLERANCE);
  }
}

type How = { readonly optimiser: Optimiser; readonly biasClip?: number };

async function train({ start }: Fixture, { optimiser, biasClip }: How) {
  const weight = parameter("weight", float32([3, 2], start.weight));
  const bias = parameter("bias", float32([2], start.bias));
  const x = input("x", [8, 3]);
  const target = input("target", [8, 2]);
  const loss = reduceMean(square(sub(tanh(linear(x, weight, bias)), target)));
  const program = trainingGraph({
    loss,
    terms: { error: loss },
    parameters: [
      { parameters: [weight] },
      {
        parameters: [bias],
        rateScale: 0.5,
        decay: 0,
        ...(biasClip === undefined ? {} : { clipNorm: biasClip }),
      },
    ],
    optimiser,
    clipNorm: 0.2,
    average: 0.9,
  });
  const session = await openTrainingSession(program, { provider: "cpu", threads: 1, seed: 0 });
  const losses: number[] = [];
  const gradientNorms: number[] = [];
  for (let step = 0; step < STEPS; step++) {
    const result = await session.step({
      learningRate: schedule(step),
      feeds: { x: float32([8, 3], start.x), target: float32([8, 2], start.target) },
    });
    losses.push(result.loss);
    gradientNorms.push(result.gradientNorm);
    expect(result.terms).toEqual({ error: result.loss });
  }
  const { tensors } = await session.readState();
  await session.close();
  return { losses, gradientNorms, tensors };
}

test.each([
  ["AdamW", fixtures.adamw, { optimiser: adamW({ decay: 0.1 }) }],
  ["Adam", fixtures.adam, { optimiser: adam({ decay: 0.1, beta1: 0.5, beta2: 0.99 }) }],
  ["Adam with a group clipped apart", fixtures.clippedApart, { optimiser: adam(), biasClip: 0.02 }],
] as const)(
  "%s follows PyTorch for 50 steps with groups, clipping and an average",
  async (_, fixture, how) => {
    const { losses, gradientNorms, tensors } = await train(fixture, how);

    expectClose(losses, fixture.losses);
    expectClose(gradientNorms, fixture.gradientNorms);
    expectClose(toNumbers(tensors.weight!), fixture.weight);
    expectClose(toNumbers(tensors.bias!), fixture.bias);
    expectClose(toNumbers(tensors["average/weight"]!), fixture.average);
  },
);

test("the schedule is PyTorch's linear warm-up and cosine", () => {
  expectClose(
    Array.from({ length: STEPS }, (_, step) => schedule(step)),
    fixtures.adamw.rates,
  );
});

test("a parameter without influence on the loss is refused with its line", () => {
  const used = parameter("used", float32([2], [1, 2]));
  const unused = parameter("unused", float32([2], [1, 2]));
  const request = { loss: reduceMean(used), parameters: [used, unused], optimiser: adamW() };

  expect(() => trainingGraph(request)).toThrow(/"unused" from .*training-graph\.test\.ts:\d+/);
});
