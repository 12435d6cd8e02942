import { expect, test } from "vitest";
import { z } from "zod";

import { estimateRun } from "./estimate-run.ts";
import type { MethodEntry } from "./method-entry.ts";
import { METHODS, METHOD_NAMES, RUN_DEFAULTS } from "./methods.ts";

const ENCODER = {
  name: "inception-v3",
  path: "/encoders/inception-v3",
  family: "inception-v3",
  kind: "conv" as const,
  inputSize: 299,
  gridSize: 17,
  layers: [288, 768, 768].map((channels, i) => ({
    name: `layer${i}`,
    channels,
    origin: 21,
    stride: 16,
  })),
  sizeBytes: 35_848_034,
  gigaMacsPerImage: 4.09,
};
const PLAN = { method: "rd", encoder: ENCODER, steps: 400, batch: 4, images: 213 } as const;

test("the cache holds every token of every image in half precision", () => {
  expect(estimateRun(PLAN).cacheBytes).toBe(213 * 289 * 1824 * 2);
});

test("time grows with steps, batch and images; memory with the batch alone", () => {
  const base = estimateRun(PLAN);
  expect(estimateRun({ ...PLAN, steps: 800 }).seconds).toBeGreaterThan(1.5 * base.seconds);
  expect(estimateRun({ ...PLAN, images: 2130 }).seconds).toBeGreaterThan(base.seconds);
  expect(estimateRun({ ...PLAN, batch: 8 }).memoryBytes).toBeGreaterThan(base.memoryBytes);
  expect(estimateRun({ ...PLAN, images: 2130 }).memoryBytes).toBe(base.memoryBytes);
});

test("the default run on a typical category fits the promised minutes and memory", () => {
  const { seconds, memoryBytes } = estimateRun(PLAN);
  expect(seconds).toBeGreaterThan(60);
  expect(seconds).toBeLessThan(8 * 60);
  expect(memoryBytes).toBeLessThan(3 * 2 ** 30);
});

test("every method's settings have a default for each, and a sentence for the form", () => {
  for (const name of METHOD_NAMES) {
    const { settings }: MethodEntry = METHODS[name];
    expect(Object.keys(settings.parse({})).length).toBeGreaterThan(0);
    for (const [key, field] of Object.entries(settings.shape)) {
      const { description } = z.globalRegistry.get(field as z.ZodType) ?? {};
      expect(description, key).toMatch(/\.$/);
    }
  }
  expect(METHOD_NAMES).toContain(RUN_DEFAULTS.method);
});
