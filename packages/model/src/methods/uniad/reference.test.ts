import { readFileSync } from "node:fs";

import { expect, test } from "vitest";

import { METHODS } from "../../catalog/methods.ts";
import {
  expectReference,
  type ReferenceFixture,
  smallContext,
} from "../../testing/expect-reference.ts";
import { waveParameters } from "../../testing/wave-parameters.ts";
import { withDecad } from "../decad/with-decad.ts";
import { uniadHost } from "./method.ts";

const uniad = withDecad(METHODS.uniad.settings, uniadHost);

const fixture = JSON.parse(
  readFileSync(new URL("../../../test/fixtures/uniad.json", import.meta.url), "utf8"),
) as ReferenceFixture;

test("the loss and all gradients are PyTorch's", async () => {
  const method = uniad({
    features: 24,
    width: 32,
    heads: 2,
    encoderLayers: 1,
    decoderLayers: 2,
    mlpRatio: 1,
    neighbours: 3,
    dropout: 0,
  });
  await expectReference(method, smallContext([8, 12, 16], 4), fixture);
});

test("with the plug-in the jitter makes way for the synthesis, which ends in the same step", () => {
  const method = uniad({ features: 24, width: 32, heads: 2, plugin: "decad" });
  const { terms, watched, signals } = method.loss(waveParameters(), smallContext([8, 12, 16], 4));
  expect(Object.keys(terms)).toEqual(["reconstruction", "decoupling", "latent"]);
  expect(Object.keys(watched!)).toEqual(
    expect.arrayContaining(["solver/residual", "solver/roundTrip", "spectral/0", "spectral/5"]),
  );
  expect(Object.keys(signals!).sort()).toEqual(["decad/openness", "decad/strength"]);
});
