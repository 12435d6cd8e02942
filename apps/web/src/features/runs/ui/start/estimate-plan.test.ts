import { ENCODER_CATALOGUE, METHODS, parseSettings, presetRun } from "@loupe/model/catalog";
import { expect, test } from "vitest";

import { toEncoderInfo } from "./to-encoder-info.ts";
import { estimatePlan } from "./estimate-plan.ts";

const encoder = toEncoderInfo({
  name: "inception-v3",
  kind: "conv",
  family: "inception-v3",
  inputSize: 299,
  channels: [288, 768, 768],
  layerNames: ["a", "b", "c"],
  grid: 17,
  sizeBytes: 95_000_000,
  gigaMacsPerImage: 5.7,
  textWidth: null,
  transformer: null,
});
const settings = METHODS.rd.settings.parse({});
const plan = { method: "rd", settings, encoder, steps: 400, batch: 4, images: 213 } as const;

test("more steps take longer, a larger batch and a wider decoder more memory", () => {
  const small = estimatePlan(plan)!;
  expect(estimatePlan({ ...plan, steps: 4000 })!.seconds).toBeGreaterThan(small.seconds);
  expect(estimatePlan({ ...plan, batch: 64 })!.memoryBytes).toBeGreaterThan(small.memoryBytes);
  const wide = { ...settings, width: 1536 };
  expect(estimatePlan({ ...plan, settings: wide })!.gpuMemoryBytes).toBeGreaterThan(
    small.gpuMemoryBytes,
  );
});

test("has nothing to say of a form that is not filled in", () => {
  expect(estimatePlan({ ...plan, steps: Number.NaN })).toBeNull();
  expect(estimatePlan({ ...plan, batch: 0 })).toBeNull();
});

const clip = findEncoder("clip-vit-large-patch14-336");

function findEncoder(name: string) {
  const found = ENCODER_CATALOGUE.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`Expected ${name} in the catalogue`);
  return found.info;
}

test.each(["rd", "cnc", "decad"] as const)(
  "%s at paper settings on CLIP ViT-L/14@336 fits 16 GiB",
  (method) => {
    const paper = parseSettings(method, { preset: "paper" });
    const { steps, batch } = presetRun(method, "paper", 3_629);
    const choice = { method, settings: paper, encoder: clip, steps, batch, images: 3_629 };
    expect(estimatePlan(choice)!.gpuMemoryBytes).toBeLessThan(16 * 2 ** 30);
  },
);

test("an encoder is counted as the settings see it, and says which view it cannot give", () => {
  const cnc = parseSettings("cnc", { preset: "fast" });
  const plain = { ...plan, method: "cnc", encoder: clip } as const;
  const cache = (view: Record<string, unknown>) =>
    estimatePlan({ ...plain, settings: { ...cnc, ...view } })!.cacheBytes;
  expect(cache({ inputSize: 224, space: "raw" })).toBe(213 * 16 ** 2 * 3 * 1024 * 2);
  expect(cache({ inputSize: 336, space: "joint" })).toBe(213 * 24 ** 2 * 3 * 768 * 2);
  expect(() => cache({ inputSize: 225 })).toThrow(/225/);
});
