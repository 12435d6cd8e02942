import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { gradients } from "../../autodiff/index.ts";
import { CncSettings } from "../../catalog/methods/cnc/settings.ts";
import type { Value } from "../../graph/index.ts";
import { exportModel } from "../../onnx/index.ts";
import { openSession, openTrainingSession } from "../../session/index.ts";
import { float32, type Tensor, toNumbers } from "../../tensor/index.ts";
import { halfWave, wave, waveParameters } from "../../testing/wave-parameters.ts";
import { trainingGraph } from "../../optim/index.ts";
import type { MethodContext } from "../method.ts";
import { cnc } from "./method.ts";
import { waveTextTower } from "../../testing/wave-text-tower.ts";

type Summary = Record<string, { norm: number; projection: number }>;
type Fixture = {
  loss: number;
  terms: Record<string, number>;
  shares: number[];
  normality: number;
  gradients: Summary;
  step: Summary;
};

const fixtures = JSON.parse(
  readFileSync(new URL("../../../test/fixtures/cnc.json", import.meta.url), "utf8"),
) as Record<"free" | "text", Fixture>;

/** The learning rate of the fixture's one step. */
const RATE = 1e-3;
const BATCH = 2;
const TOKENS = 9;

type Case = {
  readonly settings: CncSettings;
  readonly context: MethodContext;
  readonly feeds: Record<string, Tensor>;
};

function contextOf(channels: readonly number[], more: Partial<MethodContext>): MethodContext {
  return {
    batch: BATCH,
    inputSize: 30,
    gridSize: 3,
    layers: channels.map((width, i) => {
      return { name: `layer${i}`, channels: width, origin: 0, stride: 10 };
    }),
    statistics: channels.map((width) => {
      return {
        mean: new Float32Array(width).fill(0.1),
        std: new Float32Array(width).fill(0.5),
      };
    }),
    globals: false,
    text: null,
    steps: 10,
    stepsPerEpoch: 1,
    ...more,
  };
}

const SMALL = { width: 64, mlpRatio: 1, noise: 0, dropout: 0, warmupShare: 0, constraintEpoch: 0 };

/** Free anchors next to a convolutional encoder's standardised layers. */
function freeCase(): Case {
  const channels = [8, 12, 16];
  return {
    settings: CncSettings.parse({
      ...SMALL,
      experts: 4,
      activeExperts: 2,
      expertRatio: 0.5,
      gate: "top-k-first",
      expertResidual: false,
      anchorSpace: "scaled",
      temperature: 0.05,
      promotionScale: "share",
      promotionMatch: "cosine",
      promotionGain: 3,
      promotionWeight: 0.4,
      constraintWeight: 0.1,
      clipNorm: 1,
      weightDecay: 1e-4,
    }),
    context: contextOf(channels, {}),
    feeds: Object.fromEntries(
      channels.map((width, i) => [`tokens${i}`, halfWave([BATCH, TOKENS, width], 10 + i, 1)]),
    ),
  };
}

/** Prompts through a text tower, in the joint space as it is, with class tokens. */
async function textCase(): Promise<Case> {
  const layers = [0, 1, 2];
  return {
    settings: CncSettings.parse({
      ...SMALL,
      features: "plain",
      heads: "none",
      activation: "quick-gelu",
      experts: 5,
      activeExperts: 2,
      expertRatio: 1,
      gate: "softmax-first",
      expertResidual: false,
      temperature: 0.07,
      promotionScale: "token",
      promotionMatch: "dot",
      promotionGain: 1,
      promotionWeight: 1,
      constraintWeight: 0.1,
      loss: "map-cosine",
      optimiser: "adam",
      beta1: 0.5,
      weightDecay: 0,
      clipNorm: 0,
    }),
    context: contextOf([64, 64, 64], { globals: true, text: await waveTextTower() }),
    feeds: Object.fromEntries(
      layers.flatMap((i) => [
        [`tokens${i}`, halfWave([BATCH, TOKENS, 64], 10 + i, 1)],
        [`global${i}`, halfWave([BATCH, 64], 20 + i, 1)],
      ]),
    ),
  };
}

const CASES = { free: () => Promise.resolve(freeCase()), text: textCase };

/** Norm and weighted sum of an array, as the fixture has them. */
function summaryOf({ shape }: { shape: readonly number[] }, values: readonly number[]) {
  const weights = wave(shape, 0.5, 1);
  const projection = values.reduce((sum, value, i) => sum + value * weights[i]!, 0);
  return { norm: Math.hypot(...values), projection };
}

function expectSummary(
  actual: Summary[string],
  expected: Summary[string],
  { tolerance, label, size }: { tolerance: number; label: string; size: number },
): void {
  expect(Math.abs(actual.norm - expected.norm), `norm of ${label}`).toBeLessThan(tolerance);
  expect(Math.abs(actual.projection - expected.projection), `sum of ${label}`).toBeLessThan(
    tolerance * Math.sqrt(size),
  );
}

test.each(["free", "text"] as const)(
  "with %s anchors the loss, its parts and all gradients are PyTorch's",
  async (name) => {
    const { settings, context, feeds } = await CASES[name]();
    const p = waveParameters();
    const { loss, terms, watched } = cnc(settings).loss(p, context);
    const parameters = p.all();
    const found = gradients(loss, parameters);
    const outputs: Record<string, Value> = { loss, ...terms, ...watched };
    for (const [index, { attrs }] of parameters.entries()) {
      outputs[`gradient/${attrs.name}`] = found[index]!;
    }
    const session = await openSession(exportModel({ outputs }), { provider: "cpu", threads: 1 });
    const constraintWeight = float32([], [settings.constraintWeight]);
    const results = await session
      .run({ ...feeds, constraintWeight })
      .finally(() => session.close());

    const expected = fixtures[name];
    const scalar = (output: string): number => toNumbers(results[output]!)[0]!;
    expect(Object.keys(terms)).toEqual(Object.keys(expected.terms));
    for (const [term, value] of Object.entries({ loss: expected.loss, ...expected.terms })) {
      expect(Math.abs(scalar(term) - value), term).toBeLessThan(2e-5 * Math.max(1, value));
    }
    expect(expected.shares.map((_, t) => scalar(`experts/${t}`))).toEqual(
      expected.shares.map((share) => expect.closeTo(share, 5) as number),
    );
    expect(scalar("promotion/normality")).toBeCloseTo(expected.normality, 4);

    const names = parameters.map(({ attrs }) => attrs.name).sort();
    expect(names).toEqual(Object.keys(expected.gradients).sort());
    for (const parameter of names) {
      const gradient = results[`gradient/${parameter}`]!;
      const values = toNumbers(gradient);
      const wanted = expected.gradients[parameter]!;
      // Relative to the gradient's size, with a floor for gradients that are 0 in exact arithmetic.
      const tolerance = 3e-4 * wanted.norm + 1e-6;
      const how = { tolerance, label: parameter, size: values.length };
      expectSummary(summaryOf(gradient, values), wanted, how);
    }
  },
);

test.each(["free", "text"] as const)(
  "with %s anchors the first step changes every weight as PyTorch's optimiser does",
  async (name) => {
    const { settings, context, feeds } = await CASES[name]();
    const method = cnc(settings);
    const p = waveParameters();
    const { loss, terms, signals } = method.loss(p, context);
    const program = trainingGraph({
      loss,
      terms,
      parameters: method.schedule.groups!(p.all()),
      optimiser: method.schedule.optimiser,
      clipNorm: method.schedule.clipNorm,
      signals: signals!,
    });
    const session = await openTrainingSession(program, { provider: "cpu", threads: 1, seed: 0 });
    await session.step({ learningRate: RATE, feeds });
    const after = await session.read(p.all().map(({ attrs }) => attrs.name));
    await session.close();

    const expected = fixtures[name];
    for (const { attrs } of p.all()) {
      const { name: label, initial } = attrs;
      const before = toNumbers(initial);
      const size = before.length;
      // Adam divides by the gradient's own size, so noise decides where that is almost 0.
      if (expected.gradients[label]!.norm < 1e-4 * Math.sqrt(size)) continue;
      const change = toNumbers(after[label]!).map((value, i) => (value - before[i]!) / RATE);
      const tolerance = 0.02 * Math.sqrt(size);
      expectSummary(summaryOf(initial, change), expected.step[label]!, {
        tolerance,
        label,
        size: 1,
      });
    }
  },
);

test("the constraint's signal switches at its epoch, or at a share of a short run", () => {
  const weightAt = (steps: number, stepsPerEpoch: number, step: number): number => {
    const settings = {
      ...SMALL,
      constraintEpoch: 5,
      constraintLatest: 0.25,
      constraintWeight: 0.3,
    };
    const context = contextOf([8, 8, 8], { steps, stepsPerEpoch });
    return cnc(settings).loss(waveParameters(), context).signals!["constraintWeight"]!(step);
  };
  expect([49, 50].map((step) => weightAt(1000, 10, step))).toEqual([0, 0.3]);
  expect([99, 100].map((step) => weightAt(400, 200, step))).toEqual([0, 0.3]);
});
