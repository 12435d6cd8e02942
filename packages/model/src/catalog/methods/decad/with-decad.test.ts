import { expect, test } from "vitest";
import { z } from "zod";

import type { HostEntry } from "../../host-entry.ts";
import { TRAINED_WORDS } from "../../method-words.ts";
import { withDecad } from "./with-decad.ts";

const HostSettings = z.strictObject({ width: z.int().default(8) });

const HOST = {
  name: "host",
  title: "A host",
  summary: "It decodes tokens.",
  kind: "gradient",
  words: { ...TRAINED_WORDS, gauges: { own: { kind: "lines", title: "Own", scale: "log" } } },
  settings: HostSettings,
  presets: {
    fast: { title: "Fast", summary: "", settings: {}, run: {} },
    paper: { title: "Paper", summary: "", settings: { width: 16 }, run: {} },
  },
  defaults: { steps: 1, batch: 1 },
  note: () => null,
  // Strict schemas: a host that were given the plug-in's settings would refuse them.
  cost: (settings) => ({
    parameters: HostSettings.parse(settings).width,
    trainingMacs: 3,
    activations: 1,
  }),
  tokens: (settings) => ({ width: HostSettings.parse(settings).width, tokens: 4 }),
} as const satisfies HostEntry;

const ENCODER = { gridSize: 2, sizeBytes: 1, gigaMacsPerImage: 1, layers: [], images: 1 };

test("a host's settings are its own, then the plug-in's", () => {
  const { settings, words } = withDecad(HOST);
  expect(Object.keys(settings.shape)).toEqual(["width", "plugin", "decad"]);
  expect(settings.parse({})).toMatchObject({ width: 8, plugin: "none" });
  expect(settings.safeParse({ depth: 3 }).success).toBe(false);
  expect(Object.keys(words.gauges)).toEqual(["own", "solver", "spectral"]);
});

test("the plug-in costs something where it is chosen", () => {
  const { cost } = withDecad(HOST);
  const own = HOST.cost({ width: 8 });
  expect(cost({ width: 8 }, ENCODER)).toEqual(own);
  const plugged = cost({ width: 8, plugin: "decad" }, ENCODER);
  expect(plugged.parameters).toBeGreaterThan(own.parameters);
  expect(plugged.trainingMacs).toBeGreaterThan(own.trainingMacs);
});

test("the preset of the paper says of the module what a host needs, and no more", () => {
  expect(withDecad(HOST).presets.paper.settings).toEqual({ width: 16 });
  const { presets, settings } = withDecad(HOST, { contraction: "dense" });
  expect(presets.fast.settings).toEqual({});
  expect(settings.parse(presets.paper.settings)).toMatchObject({ decad: { contraction: "dense" } });
});
