import { expect, test } from "vitest";

import { gradients } from "../../autodiff/index.ts";
import { DecadModuleSettings } from "../../catalog/methods/decad/module-settings.ts";
import { input, mul, reduceSum, square, type Value } from "../../graph/index.ts";
import { createParameters } from "../../nn/index.ts";
import { decouple } from "./decouple.ts";

const WIDTH = 16;
const context = { steps: 200, gridSize: 3 };

function build(settings: Partial<DecadModuleSettings>, hostLoss: (x: Value) => Value) {
  const p = createParameters(1);
  const tokens = input("tokens", [2, 9, WIDTH]);
  const parsed = DecadModuleSettings.parse({ networkBlocks: 1, networkUnits: 1, ...settings });
  const request = { tokens, clean: tokens, settings: parsed, context, hostLoss };
  return { p, tokens, decoupled: decouple(p, request) };
}

test("the abnormal channels fade out and the synthesis sets in at their shares of the run", () => {
  const { decoupled } = build({ annealShare: 0.1, quietShare: 0.05 }, (x) => reduceSum(square(x)));
  const openness = decoupled.signals["decad/openness"]!;
  const strength = decoupled.signals["decad/strength"]!;
  expect([0, 10, 20, 199].map(openness)).toEqual([1, 0.5, 0, 0]);
  expect([0, 9, 10, 199].map(strength)).toEqual([0, 0, 1, 1]);
});

test("without fading the channels are closed from the first step", () => {
  const { decoupled } = build({ annealShare: 0 }, (x) => reduceSum(square(x)));
  expect(decoupled.signals["decad/openness"]!(0)).toBe(0);
});

test("the adversary's look at the host moves no weight of the host", () => {
  const weight = createParameters(2).get("host", [WIDTH], (shape, random) => {
    const data = Float32Array.from({ length: WIDTH }, () => random.normal());
    return { dtype: "float32", shape, data };
  });
  // The host's weight is in the adversary's objective alone.
  const { decoupled } = build({}, (x) => reduceSum(mul(x, weight)));
  const loss = reduceSum(decoupled.tokens);
  expect(() => gradients(loss, [weight])).toThrow("No gradient reaches");
  expect(() => gradients(decoupled.loss, [weight])).toThrow("No gradient reaches");
});

test("without an adversary there is no synthesis to switch, and nothing of the host is asked", () => {
  const { decoupled } = build({ adversary: "none" }, () => {
    throw new Error("The host was asked.");
  });
  expect(Object.keys(decoupled.signals)).toEqual(["decad/openness"]);
});

test("every term is on its own curve, with gauges of the solver and of every unit", () => {
  const { decoupled } = build(
    { adversary: "ent", priorWeight: 1e-3, networkBlocks: 3, networkUnits: 2 },
    (x) => reduceSum(x),
  );
  expect(Object.keys(decoupled.terms)).toEqual(["decoupling", "latent", "discriminator", "prior"]);
  expect(Object.keys(decoupled.watched)).toEqual([
    "solver/residual",
    "solver/roundTrip",
    ...[0, 1, 2, 3, 4, 5].map((unit) => `spectral/${unit}`),
  ]);
});
