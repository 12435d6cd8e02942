import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { writeSafetensors } from "../encoders/safetensors/write-safetensors.ts";
import { float32 } from "../tensor/index.ts";
import { readDetectorFile, type StoredDetector, writeDetectorFile } from "./detector-file.ts";
import { openDetector } from "./open-detector.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "loupe-detector-"));
});
afterEach(() => rm(folder, { recursive: true }));

const CHANNELS = [2, 1, 3];
const DETECTOR: StoredDetector = {
  header: {
    version: 1,
    method: "rd",
    settings: { width: 64 },
    note: null,
    encoder: {
      name: "nowhere-to-be-found",
      path: null,
      family: "vit",
      kind: "vit",
      inputSize: 8,
      gridSize: 2,
      layers: CHANNELS.map((channels, i) => ({ name: `l${i}`, channels, origin: 1, stride: 4 })),
      sizeBytes: 10,
      gigaMacsPerImage: 0.1,
      globals: false,
      space: "raw",
      text: null,
      transformer: null,
      sha256: "0a".repeat(32),
    },
    categories: ["cap"],
    training: { steps: 3, batch: 2, seed: 0, images: 5, loss: 0.25 },
    standard: { base: 0.25, spread: 0.5 },
    scale: { min: 0.1, max: 0.9 },
    scores: { images: 5, mean: 0.3, deviation: 0.1, max: 0.4 },
    byCategory: {
      cap: {
        scale: { min: 0.2, max: 0.8 },
        scores: { images: 5, mean: 0.3, deviation: 0.1, max: 0.4 },
      },
    },
  },
  places: { cap: { base: new Float32Array(4).fill(0.5), spread: new Float32Array(4).fill(2) } },
  statistics: CHANNELS.map((channels) => ({
    mean: new Float32Array(channels).fill(0.5),
    deviation: new Float32Array(channels).fill(2),
  })),
  weights: { "head/weight": float32([2, 2], [1, 2, 3, 4]), "a/bias": float32([1], [-1]) },
};

test("a detector comes back whole, and equal detectors have equal bytes", async () => {
  const [first, second] = [join(folder, "1.loupe"), join(folder, "2.loupe")];
  await writeDetectorFile(first, DETECTOR);
  const { weights } = DETECTOR;
  const turned = Object.fromEntries(Object.entries(weights).reverse());
  await writeDetectorFile(second, { ...DETECTOR, weights: turned });
  expect(await readFile(first)).toEqual(await readFile(second));
  expect(await readDetectorFile(first)).toEqual(DETECTOR);
});

test("a single changed bit anywhere is noticed", async () => {
  const path = join(folder, "changed.loupe");
  await writeDetectorFile(path, DETECTOR);
  const whole = await readFile(path);
  for (let at = 0; at < whole.length; at += 13) {
    const changed = Buffer.from(whole);
    changed[at] = (changed[at] ?? 0) ^ 1;
    await writeFile(path, changed);
    await expect(readDetectorFile(path), `byte ${at}`).rejects.toThrow(/^Expected /);
  }
});

test("changed weights say that the file was altered, a cut file that it is not whole", async () => {
  const path = join(folder, "altered.loupe");
  await writeDetectorFile(path, DETECTOR);
  const whole = await readFile(path);
  const altered = Buffer.from(whole);
  altered[whole.length - 1] = (altered[whole.length - 1] ?? 0) ^ 0x40;
  await writeFile(path, altered);
  await expect(readDetectorFile(path)).rejects.toThrow("was altered: its checksum differs");
  await writeFile(path, whole.subarray(0, whole.length - 4));
  await expect(readDetectorFile(path)).rejects.toThrow("Expected a whole safetensors file");
});

test("another safetensors file, a newer version and a foreign file are told apart", async () => {
  const path = join(folder, "other");
  await writeSafetensors(path, { x: float32([1], [1]) }, {});
  await expect(readDetectorFile(path)).rejects.toThrow("is another safetensors file");
  await writeSafetensors(path, {}, { "loupe.detector": JSON.stringify({ version: 2 }) });
  await expect(readDetectorFile(path)).rejects.toThrow("is of version 2. Update Loupe");
  await writeSafetensors(path, {}, { "loupe.detector": JSON.stringify({ version: 1 }) });
  await expect(readDetectorFile(path)).rejects.toThrow("has another form");
  await writeFile(path, "GIF89a");
  await expect(readDetectorFile(path)).rejects.toThrow("Expected a whole safetensors file");
});

test("a detector whose encoder is not here says which one it needs", async () => {
  const file = join(folder, "homeless.loupe");
  await writeDetectorFile(file, DETECTOR);
  await expect(openDetector({ file, provider: "cpu" })).rejects.toThrow(
    /Expected the encoder nowhere-to-be-found \(SHA-256 0a0a.*this machine does not have it/,
  );
});

test("an encoder of the same name with other weights is refused", async () => {
  const file = join(folder, "impostor.loupe");
  const path = new URL("../../test/fixtures/vit", import.meta.url).pathname;
  const { header } = DETECTOR;
  await writeDetectorFile(file, {
    ...DETECTOR,
    header: { ...header, encoder: { ...header.encoder, path } },
  });
  await expect(openDetector({ file, provider: "cpu" })).rejects.toThrow(
    /fixtures\/vit holds another \(SHA-256 [0-9a-f]{12}…\)/,
  );
});
