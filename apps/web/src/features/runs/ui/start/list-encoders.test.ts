import type { EncoderSummary, WorkerView } from "@loupe/contracts";
import { expect, test } from "vitest";

import { listEncoders } from "./list-encoders.ts";

const encoder = (name: string) => ({ name }) as EncoderSummary;
const worker = (
  id: string,
  providers: WorkerView["providers"],
  ...names: string[]
): WorkerView => ({
  id,
  name: id,
  providers,
  devices: providers.map((provider) => ({ provider, device: `${provider} of ${id}` })),
  encoders: names.map(encoder),
  startedAt: new Date(0),
});

test("offers each encoder once, with what all of its workers can compute on", () => {
  const offers = listEncoders([
    worker("north", ["cpu"], "vit-tiny", "resnet18"),
    worker("south", ["cpu", "webgpu"], "vit-tiny"),
  ]);
  expect(offers.map((offer) => [offer.encoder.name, offer.providers])).toEqual([
    ["resnet18", ["cpu"]],
    ["vit-tiny", ["cpu", "webgpu"]],
  ]);
  expect(offers.map((offer) => offer.devices)).toEqual([
    { cpu: "cpu of north" },
    { cpu: "cpu of north", webgpu: "webgpu of south" },
  ]);
});

test("offers nothing without workers or encoders", () => {
  expect(listEncoders([])).toEqual([]);
  expect(listEncoders([worker("north", ["cpu"])])).toEqual([]);
});
