import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, expect, test } from "vitest";

import { writeDataset } from "../../test/write-dataset.ts";
import { type CategoryImages, scanDataset } from "../data/scan-dataset.ts";
import type { TrainEvent, TrainOptions, TrainResult } from "../train/train-events.ts";
import { evaluate } from "./evaluate.ts";
import { openDetector } from "./open-detector.ts";
import { train } from "./train.ts";

/** A random ViT of 4 × 4 tokens: enough to learn the made-up pictures in a second. */
const ENCODER = fileURLToPath(new URL("../../test/fixtures/vit", import.meta.url));
const STEPS = 12;

let folder: string;
let category: CategoryImages;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "loupe-train-"));
  await writeDataset(join(folder, "data"), { train: 9, good: 4, defective: 4 });
  [category] = (await scanDataset(join(folder, "data"))) as [CategoryImages];
});
afterAll(() => rm(folder, { recursive: true }));

const SETTINGS = { width: 64, learningRate: 0.003, smoothing: 2 };

function optionsFor(name: string, change: Partial<TrainOptions> = {}): TrainOptions {
  return {
    images: category.train,
    probes: category.test.slice(0, 2),
    method: "rd",
    encoder: ENCODER,
    steps: STEPS,
    batch: 3,
    seed: 1,
    provider: "cpu",
    settings: SETTINGS,
    cacheDir: join(folder, "cache"),
    checkpointDir: join(folder, `${name}.checkpoint`),
    outFile: join(folder, `${name}.loupe`),
    checkpointEverySteps: 4,
    probeEverySteps: 5,
    signal: new AbortController().signal,
    ...change,
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

/** What the finished detector gives the images. */
async function predictedScores(file: string, images: CategoryImages["test"]): Promise<number[]> {
  const detector = await openDetector({ file, provider: "cpu", encoder: ENCODER });
  const scores: number[] = [];
  const { signal } = new AbortController();
  try {
    for await (const prediction of detector.score(images, { signal })) {
      if ("error" in prediction) throw new Error(prediction.error);
      scores.push(prediction.score);
    }
  } finally {
    await detector.close();
  }
  return scores;
}

/** Run until the given step has been reported, then abort. @returns the error it ends with */
async function stopAfter(step: number, options: TrainOptions): Promise<unknown> {
  const controller = new AbortController();
  const run = train({ ...options, signal: controller.signal });
  try {
    for await (const event of run) {
      if (event.type === "step" && event.step === step) controller.abort();
    }
  } catch (error) {
    return error;
  }
  return null;
}

test("a checkpoint that cannot be written is told, and the run goes on to its model", async () => {
  const options = optionsFor("unsaved");
  // In the way of the file that a checkpoint is written to first.
  const inTheWay = `checkpoint.safetensors.${process.pid}.partial`;
  await mkdir(join(options.checkpointDir, inTheWay), { recursive: true });
  const { events, result } = await finish(options);
  const unsaved = events.filter((event) => event.type === "unsaved");
  expect(unsaved.map((event) => event.step)).toEqual([4, 8, 12]);
  expect(unsaved[0]!.reason).toContain("EISDIR");
  expect(events.some((event) => event.type === "checkpoint")).toBe(false);
  const plain = await finish(optionsFor("saved"));
  expect(result.sha256).toBe(plain.result.sha256);
});

test("a run reports its stages, every step, probes and checkpoints, and learns", async () => {
  const { events, result } = await finish(
    // Probes show what the method itself gives: there is nothing to hold them against before the end.
    optionsFor("plain", { settings: { ...SETTINGS, scoring: "raw" } }),
  );
  const steps = events.filter((event) => event.type === "step");
  expect(steps.map((event) => event.step)).toEqual(Array.from({ length: STEPS }, (_, i) => i + 1));
  expect(steps.at(-1)!.loss).toBeLessThan(0.8 * steps[0]!.loss);
  expect(Object.keys(steps[0]!.terms)).toEqual(["block1", "block2", "block3"]);
  expect(steps.at(-1)!.secondsLeft).toBe(0);

  const probes = events.filter((event) => event.type === "probe");
  expect(probes.map((event) => event.step)).toEqual([1, 5, 10, 12]);
  expect(probes[0]!.images.map((image) => image.id)).toEqual(
    category.test.slice(0, 2).map((image) => image.id),
  );
  expect(probes[0]!.images[0]!.map).toMatchObject({ width: 32, height: 32 });
  // The last look is the finished detector's: the scoring graph was fed the last weights.
  const scores = await predictedScores(result.file, category.test.slice(0, 2));
  const probed = (event: (typeof probes)[number]): number[] =>
    event.images.map(({ score }) => score);
  for (const [index, score] of probed(probes.at(-1)!).entries()) {
    expect(score).toBeCloseTo(scores[index]!, 4);
    expect(score).not.toBeCloseTo(probed(probes[0]!)[index]!, 3);
  }
  expect(events.filter((event) => event.type === "checkpoint").map((event) => event.step)).toEqual([
    4, 8, 12,
  ]);
  const stages = new Set(events.filter((e) => e.type === "stage").map((event) => event.stage));
  expect([...stages]).toEqual(["encoding", "training", "calibrating"]);

  expect(result).toMatchObject({ method: "rd", encoder: "vit", trainImages: 9, steps: STEPS });
  expect(result.categories).toEqual(["data"]);
  expect(result.scale.max).toBeGreaterThan(result.scale.min);
  expect(await readdir(folder)).not.toContain("plain.loupe.partial");
  expect(await readdir(join(folder, "plain.checkpoint"))).toEqual([]);
});

test("the same options give the same file, another seed another", async () => {
  const [first, second, other] = await Promise.all([
    finish(optionsFor("same1")),
    finish(optionsFor("same2")),
    finish(optionsFor("other", { seed: 2 })),
  ]);
  expect(second.result.sha256).toBe(first.result.sha256);
  expect(other.result.sha256).not.toBe(first.result.sha256);
  expect(await readFile(first.result.file)).toEqual(await readFile(second.result.file));
});

test("a run that is aborted and resumed ends in the very same file", async () => {
  const whole = await finish(optionsFor("whole"));
  const options = optionsFor("resumed");
  const error = await stopAfter(6, options);
  expect(error).toMatchObject({ name: "AbortError" });
  expect(await readdir(options.checkpointDir)).toEqual(["checkpoint.safetensors"]);

  const { events, result } = await finish(options);
  expect(events.find((event) => event.type === "resumed")).toEqual({ type: "resumed", step: 6 });
  expect(events.find((event) => event.type === "step")).toMatchObject({ step: 7 });
  expect(result.sha256).toBe(whole.result.sha256);
  expect(result.loss).toBe(whole.result.loss);
});

test("a checkpoint of another run, or half of one, is not resumed from", async () => {
  const options = optionsFor("foreign");
  await stopAfter(5, options);
  const other = await finish({ ...options, seed: 9 });
  expect(other.events.some((event) => event.type === "resumed")).toBe(false);

  await stopAfter(5, options);
  const path = join(options.checkpointDir, "checkpoint.safetensors");
  const bytes = await readFile(path);
  await writeFile(path, bytes.subarray(0, bytes.length - 10));
  const anew = await finish(options);
  expect(anew.events.some((event) => event.type === "resumed")).toBe(false);
});

test("a second run takes the features from the cache", async () => {
  await finish(optionsFor("warm", { steps: 1 }));
  const image = { ...category.train[0]!, path: join(folder, "copy.png") };
  await copyFile(category.train[0]!.path, image.path);
  const stored = (await readdir(join(folder, "cache"), { recursive: true })).length;
  await finish(optionsFor("again", { steps: 1, images: [image] }));
  expect((await readdir(join(folder, "cache"), { recursive: true })).length).toBe(stored);
});

test("a loss that is no number names step, term and checkpoint", async () => {
  const wild = { width: 64, learningRate: 0.1, clipNorm: 1000, warmupShare: 0, noise: 0 };
  const images = category.train.slice(0, 1);
  const options = optionsFor("wild", { settings: wild, images, steps: 3 });
  // A learning rate this high does not diverge by itself within float range, so the checkpoint
  // that the run goes on from carries the damage.
  await stopAfter(2, options);
  const path = join(options.checkpointDir, "checkpoint.safetensors");
  const bytes = await readFile(path);
  const headerBytes = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString("utf8", 8, 8 + headerBytes)) as Record<
    string,
    { data_offsets: [number, number] }
  >;
  const [start] = header["fusion/weight"]!.data_offsets;
  bytes.writeFloatLE(Number.NaN, 8 + headerBytes + start);
  await writeFile(path, bytes);
  await expect(finish(options)).rejects.toThrow(
    /Training diverged: (the loss|the term block\d) became NaN at step 3\. The last good checkpoint is that of step 2/,
  );
});

test("nothing to learn from, and numbers that make no sense, are refused", async () => {
  await expect(finish(optionsFor("none", { images: [] }))).rejects.toThrow("at least one normal");
  await expect(finish(optionsFor("zero", { batch: 0 }))).rejects.toThrow("for batch, got 0");
  const text = join(folder, "text.png");
  await writeFile(text, "no picture");
  const broken = { ...category.train[0]!, path: text };
  await expect(finish(optionsFor("broken", { images: [broken] }))).rejects.toThrow(text);
});

test("what was trained finds the discs, and scores each picture the same in any company", async () => {
  const { result } = await finish(optionsFor("useful", { steps: 60 }));
  const detector = await openDetector({ file: result.file, provider: "cpu", encoder: ENCODER });
  const { signal } = new AbortController();
  const scores = new Map<string, number>();
  const run = evaluate({ detector, images: category.test, signal });
  let next = await run.next();
  for (; next.done !== true; next = await run.next()) {
    if (next.value.type === "image") scores.set(next.value.id, next.value.score);
  }
  expect(next.value.categories["data"]).toMatchObject({ iAuroc: 1, images: 8 });
  expect(next.value.mean.pAuroc).toBeGreaterThan(0.8);
  expect(next.value.mean).toEqual({ iAuroc: 1, pAuroc: next.value.categories["data"]!.pAuroc });

  const last = category.test.at(-1)!;
  for await (const prediction of detector.score([last], { signal })) {
    expect(prediction).toMatchObject({ id: last.id, score: scores.get(last.id) });
  }
  await detector.close();
});

test("a picture that cannot be read does not stop the others", async () => {
  const { result } = await finish(optionsFor("reading", { steps: 1 }));
  const detector = await openDetector({ file: result.file, provider: "cpu", encoder: ENCODER });
  const missing = { ...category.test[0]!, id: "missing", path: join(folder, "missing.png") };
  const outcomes: [string, boolean][] = [];
  const images = [category.test[0]!, missing, category.test[1]!];
  for await (const prediction of detector.score(images, new AbortController())) {
    outcomes.push([prediction.id, "error" in prediction]);
  }
  expect(outcomes).toEqual([
    [category.test[0]!.id, false],
    ["missing", true],
    [category.test[1]!.id, false],
  ]);
  await detector.close();
});
