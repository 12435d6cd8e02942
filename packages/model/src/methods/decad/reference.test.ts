import { readFileSync } from "node:fs";

import { beforeAll, describe, expect, test } from "vitest";

import { leavesOf, parameter, type Parameter, type Value } from "../../graph/index.ts";
import type { Parameters } from "../../nn/index.ts";
import { exportModel } from "../../onnx/index.ts";
import { initialSlots, joinSlots, openSession, partSlots } from "../../session/index.ts";
import { createRandom, float32, type Tensor, toNumbers } from "../../tensor/index.ts";
import { halfWave, phaseOf, wave, waveParameters } from "../../testing/wave-parameters.ts";
import { programOf } from "../../train/program-of.ts";
import type { MethodContext } from "../method.ts";
import { decad } from "./method.ts";

type Summary = Record<string, { norm: number; projection: number }>;
type Fixture = {
  loss: number;
  terms: Record<string, number>;
  mask: number[];
  gradients: Summary;
  step: Summary;
  buffers: Summary;
};

const fixtures = JSON.parse(
  readFileSync(new URL("../../../test/fixtures/decad.json", import.meta.url), "utf8"),
) as Record<"rec" | "disc" | "ent", Fixture>;

const RATE = 1e-3;
const CHANNELS = [8, 12, 16];
const context: MethodContext = {
  batch: 2,
  inputSize: 30,
  gridSize: 3,
  layers: CHANNELS.map((channels, i) => ({ name: `layer${i}`, channels, origin: 0, stride: 10 })),
  statistics: CHANNELS.map((channels) => ({
    mean: new Float32Array(channels).fill(0.1),
    std: new Float32Array(channels).fill(0.5),
  })),
  globals: false,
  text: null,
  steps: 10,
  stepsPerEpoch: 1,
};

const SMALL = {
  fusion: "linear",
  initialScale: 1,
  width: 64,
  mlpRatio: 1,
  noise: 0,
  dropout: 0,
  warmupShare: 0,
  networkBlocks: 1,
  lipschitz: 0.5,
  // Enough to be solved as exactly as float32 allows.
  iterations: 18,
  adversaryIterations: 18,
  networkRate: 0.5,
};

const CASES = {
  rec: { ...SMALL, adversary: "rec", contraction: "single", basis: "pca" },
  disc: {
    ...SMALL,
    adversary: "disc",
    contraction: "bottleneck",
    bottleneckWidth: 6,
    basis: "none",
    layout: "every-block",
    discriminatorWidth: 8,
    priorWeight: 0.2,
  },
  ent: {
    ...SMALL,
    adversary: "ent",
    contraction: "dense",
    denseDepth: 2,
    denseGrowth: 5,
    basis: "none",
    discriminatorWidth: 8,
  },
};

/** Waves, but for the vectors of the power iterations, which start where their weight puts them. */
function storeOf(known = new Map<string, Parameter>(), prefix = ""): Parameters {
  const waves = waveParameters(known, prefix);
  return {
    ...waves,
    get: (name, shape, initialiser) => {
      const full = prefix + name;
      if (!/\/(left|right)$/.test(full)) return waves.get(name, shape, initialiser);
      const made = known.get(full) ?? parameter(full, initialiser(shape, createRandom(0)));
      known.set(full, made);
      return made;
    },
    scope: (name) => storeOf(known, `${prefix}${name}/`),
  };
}

/** What stands for random numbers: a wave, inside [0.05, 0.95] for uniform ones. */
function randomFeeds(outputs: readonly Value[]): Record<string, Tensor> {
  return Object.fromEntries(
    leavesOf(outputs).randoms.map(({ attrs: { name, shape, distribution } }) => {
      const values = wave(shape, phaseOf(name), 1);
      const uniform = values.map((value) => 0.5 + 0.45 * value);
      return [name, float32(shape, distribution.kind === "uniform" ? uniform : values)];
    }),
  );
}

const features = Object.fromEntries(
  CHANNELS.map((channels, i) => [`tokens${i}`, halfWave([2, 9, channels], 10 + i, 1)]),
);
const signals = { "decad/openness": float32([], [0.3]), "decad/strength": float32([], [1]) };

function expectSummary(
  values: Tensor,
  expected: Summary[string],
  { tolerance, label }: { tolerance: number; label: string },
): void {
  const numbers = toNumbers(values);
  const weights = wave(values.shape, 0.5, 1);
  const projection = numbers.reduce((sum, value, i) => sum + value * weights[i]!, 0);
  const norm = Math.hypot(...numbers);
  expect(Math.abs(norm - expected.norm), `norm of ${label}`).toBeLessThan(tolerance);
  const spread = tolerance * Math.max(1, Math.sqrt(numbers.length) / 4);
  expect(Math.abs(projection - expected.projection), `sum of ${label}`).toBeLessThan(spread);
}

describe.each(["rec", "disc", "ent"] as const)("with the adversary %s", (name) => {
  const expected = fixtures[name];
  let results: Record<string, Tensor>;
  /** Parameters and moments after the step. */
  let after: Record<string, Tensor>;
  let trained: readonly Parameter[];

  beforeAll(async () => {
    const p = storeOf();
    const program = programOf(decad(CASES[name]), p, context);
    const { outputs, state, trained: fed } = program;
    const session = await openSession(exportModel({ outputs, fed }), {
      provider: "cpu",
      threads: 1,
    });
    const feeds = {
      ...features,
      ...randomFeeds(Object.values(outputs)),
      ...joinSlots(state, initialSlots(program)),
    };
    for (const [key, value] of Object.entries(program.scalars(0, RATE)))
      feeds[key] = float32([], [value]);
    // Half-way through the fading, which no first step is.
    results = await session.run({ ...feeds, ...signals }).finally(() => session.close());
    const parts = state.map((array) => partSlots(array, results[array.output]!));
    after = Object.assign({}, ...parts) as Record<string, Tensor>;
    trained = p.all().filter(({ attrs }) => after[`first/${attrs.name}`] !== undefined);
  });

  test("the loss and its parts are PyTorch's", () => {
    const scalar = (output: string): number => toNumbers(results[output]!)[0]!;
    const reported = Object.keys(results).filter((output) => /^term\/[^/]+$/.test(output));
    expect(reported.sort()).toEqual(
      Object.keys(expected.terms)
        .map((term) => `term/${term}`)
        .sort(),
    );
    expect(scalar("loss")).toBeCloseTo(expected.loss, 4);
    for (const [term, value] of Object.entries(expected.terms)) {
      expect(Math.abs(scalar(`term/${term}`) - value), term).toBeLessThan(
        5e-5 * Math.max(1, value),
      );
    }
  });

  test("all gradients are PyTorch's, clipped with their group", () => {
    const names = trained.map(({ attrs }) => attrs.name).sort();
    expect(names).toEqual(Object.keys(expected.gradients).sort());
    for (const label of names) {
      const wanted = expected.gradients[label]!;
      // Relative to the gradient's size, with a floor for gradients that are 0 in exact arithmetic.
      const tolerance = 1e-3 * wanted.norm + 2e-6;
      // The scaled first moment after one step is the gradient itself.
      expectSummary(after[`first/${label}`]!, wanted, { tolerance, label });
    }
  });

  test("the first step changes every weight as PyTorch's optimiser does", () => {
    for (const { attrs } of trained) {
      const { name: label, initial } = attrs;
      const before = toNumbers(initial);
      // Adam divides by the gradient's own size, so noise decides where that is almost 0.
      if (expected.gradients[label]!.norm < 1e-3 * Math.sqrt(before.length)) continue;
      const now = toNumbers(after[label]!);
      const change = float32(
        initial.shape,
        now.map((value, i) => (value - before[i]!) / RATE),
      );
      const tolerance = 0.03 * Math.sqrt(before.length);
      expectSummary(change, expected.step[label]!, { tolerance, label });
    }
  });

  test("the power iterations follow the changed weights", () => {
    for (const [label, wanted] of Object.entries(expected.buffers)) {
      expectSummary(after[label]!, wanted, { tolerance: 2e-3, label });
    }
  });
});
