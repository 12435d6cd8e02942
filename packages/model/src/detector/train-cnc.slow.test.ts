import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, expect, test } from "vitest";

import { writeDataset } from "../../test/write-dataset.ts";
import { type CategoryImages, scanDataset } from "../data/scan-dataset.ts";
import type { TrainEvent, TrainOptions, TrainResult } from "../train/train-events.ts";
import { readDetectorFile } from "./detector-file.ts";
import { openDetector } from "./open-detector.ts";
import { train } from "./train.ts";

/** A random ViT of 4 × 4 tokens with a class token and without a text tower. */
const ENCODER = fileURLToPath(new URL("../../test/fixtures/vit", import.meta.url));
const STEPS = 12;

let folder: string;
let category: CategoryImages;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "loupe-cnc-"));
  await writeDataset(join(folder, "data"), { train: 9, good: 2, defective: 2 });
  [category] = (await scanDataset(join(folder, "data"))) as [CategoryImages];
});
afterAll(() => rm(folder, { recursive: true }));

function optionsFor(name: string, signal = new AbortController().signal): TrainOptions {
  return {
    images: category.train,
    probes: category.test.slice(0, 1),
    method: "cnc",
    encoder: ENCODER,
    steps: STEPS,
    batch: 3,
    seed: 1,
    provider: "cpu",
    settings: { width: 64, learningRate: 0.003, smoothing: 2, constraintLatest: 0.5 },
    cacheDir: join(folder, "cache"),
    checkpointDir: join(folder, `${name}.checkpoint`),
    outFile: join(folder, `${name}.loupe`),
    checkpointEverySteps: 4,
    probeEverySteps: 6,
    signal,
  };
}

async function finish(
  options: TrainOptions,
): Promise<{ events: TrainEvent[]; result: TrainResult }> {
  const events: TrainEvent[] = [];
  const run = train(options);
  for (;;) {
    const next = await run.next();
    if (next.done === true) return { events, result: next.value };
    events.push(next.value);
  }
}

test("a run shows each part of its loss and the experts' shares, and learns", async () => {
  const { events, result } = await finish(optionsFor("plain"));
  const steps = events.filter((event) => event.type === "step");
  expect(steps).toHaveLength(STEPS);
  const [first, last] = [steps[0]!, steps.at(-1)!];
  const curves = Object.keys(first.terms).filter((name) => !name.includes("/"));
  expect(curves).toEqual(["distillation", "alignment", "constraint", "importance"]);
  expect(last.terms["distillation"]).toBeLessThan(0.8 * first.terms["distillation"]!);
  expect(last.terms["alignment"]).toBeLessThan(0.9 * first.terms["alignment"]!);

  for (const { terms, loss } of steps) {
    const shares = Object.entries(terms).filter(([name]) => name.startsWith("experts/"));
    expect(shares).toHaveLength(5);
    expect(shares.reduce((sum, [, share]) => sum + share, 0)).toBeCloseTo(2, 4);
    expect(terms["promotion/normality"]).toBeGreaterThan(0);
    const parts = terms["distillation"]! + terms["alignment"]! + terms["importance"]!;
    // The decoder is constrained in the second half of this short run.
    const isConstrained = loss - parts > 1e-4 * terms["constraint"]!;
    expect(isConstrained).toBe(steps.findIndex((step) => step.terms === terms) >= STEPS / 2);
  }

  const { header, weights } = await readDetectorFile(result.file);
  expect(header.method).toBe("cnc");
  const anchors = Object.keys(weights).filter((name) => name.startsWith("anchors/"));
  expect(anchors.sort()).toEqual(["anchors/free0", "anchors/free1", "anchors/free2"]);
});

test("an aborted run goes on to the very same file, which scores", async () => {
  const whole = await finish(optionsFor("whole"));
  const controller = new AbortController();
  await expect(async () => {
    for await (const event of train(optionsFor("resumed", controller.signal))) {
      if (event.type === "step" && event.step === 6) controller.abort();
    }
  }).rejects.toThrow();
  const { events, result } = await finish(optionsFor("resumed"));
  expect(events.find((event) => event.type === "resumed")).toEqual({ type: "resumed", step: 6 });
  expect(result.sha256).toBe(whole.result.sha256);

  const detector = await openDetector({ file: result.file, provider: "cpu", encoder: ENCODER });
  const scores: number[] = [];
  for await (const prediction of detector.score(category.test, new AbortController())) {
    if ("error" in prediction) throw new Error(prediction.error);
    scores.push(prediction.score);
  }
  await detector.close();
  expect(scores).toHaveLength(category.test.length);
  expect(Math.min(...scores)).toBeGreaterThan(0);
});
