import { expect, test } from "vitest";

import { CNC_COMPONENT_ROWS, CNC_EXPERT_ROWS } from "./ablations.ts";
import { CNC_ENTRY } from "./entry.ts";
import { CncSettings } from "./settings.ts";
import { estimateRun } from "../../estimate-run.ts";
import { parseSettings } from "../../parse-settings.ts";

/** CLIP ViT-L/14@336 at 224 pixels in the joint space: 428 million weights in both towers. */
const CLIP_LARGE = {
  name: "clip-vit-large-patch14-336",
  kind: "vit" as const,
  gridSize: 16,
  layers: [{ channels: 768 }, { channels: 768 }, { channels: 768 }],
  sizeBytes: 1_711_974_081,
  gigaMacsPerImage: 81,
  text: { width: 768 },
};
const GIB = 2 ** 30;

test("a run with CLIP ViT-L/14@336 at the paper's settings fits 16 GiB of GPU memory", () => {
  const settings = parseSettings("cnc", { preset: "paper" });
  const plan = { settings, encoder: CLIP_LARGE, steps: 113_250, batch: 8, images: 3629 };
  const { gpuMemoryBytes } = estimateRun({ method: "cnc", ...plan });
  expect(gpuMemoryBytes).toBeLessThan(16 * GIB);
  expect(gpuMemoryBytes).toBeGreaterThan(CLIP_LARGE.sizeBytes);
});

test("experts and the text tower cost what they add", () => {
  const costOf = (set: Record<string, string>) =>
    CNC_ENTRY.cost(parseSettings("cnc", { preset: "paper", set }), { ...CLIP_LARGE, images: 8 });
  const full = costOf({});
  // Five experts of two 768 × 768 matrices, and the router.
  expect(full.parameters - costOf({ moe: "false" }).parameters).toBe(10 * 768 ** 2 + 768 * 5);
  const free = costOf({ anchors: "free" });
  expect(full.parameters - free.parameters).toBe(6 * 12 * 768);
  expect(full.otherBytes).toBeGreaterThan(4 * 12 * 12 * 768 ** 2);
  expect(free.otherBytes).toBe(0);
});

test("an encoder without a text tower is told about its free anchors, and only that one", () => {
  expect(CNC_ENTRY.note(CLIP_LARGE)).toBeNull();
  expect(CNC_ENTRY.note({ ...CLIP_LARGE, name: "dinov2-base", text: null })).toMatch(
    /^dinov2-base has no text tower: CNC learns free anchors .*own space\.$/,
  );
});

test("the paper's preset states its numbers", () => {
  expect(parseSettings("cnc", { preset: "paper" })).toMatchObject({
    temperature: 0.001,
    constraintWeight: 0.1,
    constraintEpoch: 5,
    constraintLatest: 1,
    experts: 5,
    activeExperts: 2,
    gate: "softmax-first",
    expertResidual: false,
    loss: "map-cosine",
    optimiser: "adam",
    learningRate: 1e-3,
    rate: "constant",
    imageScore: "max",
    promotionScale: "token",
    promotionWeight: 1,
    promotionGain: 1,
    features: "plain",
    space: "joint",
    global: "cls",
  });
  expect(CNC_ENTRY.presets.paper.run).toEqual({ epochs: 250, batch: 8 });
});

test("settings that contradict each other are refused by name", () => {
  expect(() => parseSettings("cnc", { set: { activeExperts: "6" } })).toThrow(/activeExperts/);
  expect(() => parseSettings("cnc", { set: { temperature: "0" } })).toThrow(/temperature/);
  expect(() => parseSettings("cnc", { set: { tau: "1" } })).toThrow(/no setting tau/);
  expect(() => parseSettings("cnc", { set: { layers: "6,12" } })).toThrow(/layers/);
});

test("the rows of the tables are settings of the method, and the last has every part", () => {
  for (const { settings } of [...CNC_COMPONENT_ROWS, ...CNC_EXPERT_ROWS]) {
    expect(CncSettings.parse(settings)).toMatchObject(settings);
  }
  const parts = CNC_COMPONENT_ROWS.map(({ settings }) => Object.values(settings).filter(Boolean));
  expect(parts.map((on) => on.length)).toEqual([0, 1, 2, 1, 3, 2, 4]);
  expect(CNC_EXPERT_ROWS).toHaveLength(19);
});
