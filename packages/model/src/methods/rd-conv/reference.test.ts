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
import { rdConvHost } from "./method.ts";

const rdConv = withDecad(METHODS["rd-conv"].settings, rdConvHost);

const fixture = JSON.parse(
  readFileSync(new URL("../../../test/fixtures/rd-conv.json", import.meta.url), "utf8"),
) as ReferenceFixture;

test("the loss and all gradients are PyTorch's", async () => {
  const method = rdConv({ width: 16 });
  await expectReference(method, smallContext([8, 12, 16], 5), fixture);
});

test("with the plug-in the synthesis works on the half grid", () => {
  const context = smallContext([8, 12, 16], 5);
  const { terms } = rdConv({ width: 16, plugin: "decad" }).loss(waveParameters(), context);
  expect(Object.keys(terms)).toEqual(["layer0", "layer1", "layer2", "decoupling", "latent"]);
});
