import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";

import { readLoupeTrunk } from "../encoders/families/loupe.ts";
import { locateEncoder } from "../encoders/find-encoder.ts";
import { openSession } from "../session/index.ts";
import { float32, fromFloat16, toNumbers } from "../tensor/index.ts";
import { distil, type DistilEvent, type DistilOptions, type Student } from "./distil.ts";
import { exportStudent } from "./export-student.ts";
import { SampleStore } from "./sample-store.ts";
import { proceduralTexture } from "./procedural-texture.ts";
import { Teachers } from "./teachers.ts";

/** A small random ViT, so that the test needs no weights but its own. */
const TEACHER = fileURLToPath(new URL("../../test/fixtures/vit", import.meta.url));
const STEPS = 5;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "loupe-distil-"));
  const pixels = proceduralTexture(2, 300);
  const raw = { width: 300, height: 300, channels: 3 } as const;
  await sharp(pixels, { raw }).toFile(join(folder, "surface.png"));
});
afterAll(() => rm(folder, { recursive: true }));

function optionsOf(changes: Partial<DistilOptions> = {}): DistilOptions {
  return {
    corpus: [join(folder, "surface.png")],
    teachers: [TEACHER],
    steps: STEPS,
    batch: 2,
    seed: 3,
    learningRate: 2e-3,
    cacheDir: join(folder, "samples"),
    checkpointFile: join(folder, "none", "checkpoint.safetensors"),
    checkpointEverySteps: 100,
    threads: 1,
    firstSamples: 3,
    signal: new AbortController().signal,
    ...changes,
  };
}

/** The whole run, or its part up to the first event of which `until` says so. */
async function run(
  options: DistilOptions,
  onEvent: (event: DistilEvent) => void = () => undefined,
): Promise<Student> {
  const events = distil(options);
  for (;;) {
    const next = await events.next();
    if (next.done === true) return next.value;
    onEvent(next.value);
  }
}

test("a run that was cut off goes on bit for bit, and what it learned is an encoder", async () => {
  const whole = await run(optionsOf());

  const checkpointFile = join(folder, "parts", "checkpoint.safetensors");
  const controller = new AbortController();
  const parts = optionsOf({ checkpointFile, signal: controller.signal });
  const first = run(parts, (event) => {
    if (event.type === "step" && event.step === 2) controller.abort(new Error("cut off"));
  });
  await expect(first).rejects.toThrow("cut off");
  const resumed: number[] = [];
  const losses: number[] = [];
  const second = await run(optionsOf({ checkpointFile }), (event) => {
    if (event.type === "resumed") resumed.push(event.step);
    if (event.type === "step") losses.push(event.loss);
  });
  expect(resumed).toEqual([2]);
  expect(losses).toHaveLength(STEPS - 2);
  expect(second.weights).toEqual(whole.weights);

  const encoder = join(folder, "student");
  await exportStudent(encoder, second, {});
  const source = await locateEncoder(encoder);
  expect(source.info.sizeBytes).toBe((await stat(join(encoder, "loupe.safetensors"))).size);
  const session = await openSession(await source.buildModel(1, "cpu"), {
    provider: "cpu",
    threads: 1,
  });
  const pixels = float32([1, 3, 256, 256], new Float32Array(3 * 256 * 256).fill(0.5));
  const { tokens2 } = await session.run({ pixels });
  await session.close();
  expect(fromFloat16(tokens2?.data as Uint16Array).every(Number.isFinite)).toBe(true);
});

test("a run that begins from an encoder goes on from its trunk", async () => {
  const encoder = join(folder, "beginning");
  await exportStudent(encoder, await run(optionsOf()), {});
  const start = await readLoupeTrunk(encoder);
  expect(Object.keys(start).filter((name) => /^(head|expose)/.test(name))).toEqual([]);
  const checkpointFile = join(folder, "begun", "checkpoint.safetensors");
  const { weights } = await run(optionsOf({ start, steps: 1, checkpointFile }));
  // One step of the warm-up moves a weight by a hundredth of the rate, more or less.
  const [before, after] = [
    toNumbers(start["fine/enter/weight"]!),
    toNumbers(weights["fine/enter/weight"]!),
  ];
  const moved = before.reduce((most, value, at) => Math.max(most, Math.abs(value - after[at]!)), 0);
  expect(moved).toBeGreaterThan(0);
  expect(moved).toBeLessThan(1e-2);
  await expect(run(optionsOf({ checkpointFile }))).rejects.toThrow(
    /Expected a checkpoint of this corpus/,
  );
});

test("a sample that is wanted twice at once is made once", async () => {
  const teachers = await Teachers.open([TEACHER], 1);
  try {
    const { corpus } = optionsOf();
    const cacheDir = join(folder, "twice");
    const store = await SampleStore.open(teachers, { cacheDir, corpus, seed: 1 });
    const [first, second] = await Promise.all([store.sample(0), store.sample(0)]);
    expect(second).toBe(first);
    expect(await store.sample(0)).toEqual(first);
  } finally {
    await teachers.close();
  }
});

test("a checkpoint of other options, and a teacher that is not there, are one sentence each", async () => {
  const checkpointFile = join(folder, "parts", "checkpoint.safetensors");
  await expect(run(optionsOf({ checkpointFile, learningRate: 1e-3 }))).rejects.toThrow(
    /Expected a checkpoint of this corpus, teachers, seed, batch and rate/,
  );
  await expect(run(optionsOf({ teachers: ["nobody"] }))).rejects.toThrow(
    /^The teacher nobody cannot be used\. Expected the name or the path of an encoder/,
  );
});
