import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { FeatureStore } from "./feature-store.ts";

const ENCODER = {
  name: "tiny",
  path: "/nowhere",
  family: "vit",
  kind: "vit",
  inputSize: 8,
  gridSize: 2,
  layers: [3, 1, 2].map((channels, i) => ({ name: `l${i}`, channels, origin: 0, stride: 4 })),
  sizeBytes: 1,
  gigaMacsPerImage: 1,
  globals: false,
  space: "raw",
  text: null,
  transformer: null,
} as const;
const FEATURES = [12, 4, 8].map((length) =>
  Uint16Array.from({ length }, (_, i) => 257 * i + length),
);
const HASH = "ab".repeat(32);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "loupe-features-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function open(key = "0123456789abcdef0"): Promise<FeatureStore> {
  return FeatureStore.open(folder, { ...ENCODER, layers: [...ENCODER.layers] }, key);
}

async function storedFile(): Promise<string> {
  const entries = await readdir(folder, { recursive: true });
  return join(folder, entries.find((name) => name.endsWith(".features")) ?? "none");
}

test("features come back, for the same encoder only, and nothing partial is left", async () => {
  const store = await open();
  expect(await store.read(HASH)).toBeNull();
  await Promise.all([store.write(HASH, FEATURES), store.write(HASH, FEATURES)]);
  expect(await (await open()).read(HASH)).toEqual(FEATURES);
  expect(await (await open("fedcba9876543210f")).read(HASH)).toBeNull();
  const files = await readdir(folder, { recursive: true });
  expect(files.filter((name) => name.includes("partial"))).toEqual([]);
});

test("a file that is cut or changed counts as absent", async () => {
  const store = await open();
  await store.write(HASH, FEATURES);
  const path = await storedFile();
  const whole = await readFile(path);
  for (const at of [0, 4, 8, 12, 16, whole.length - 1]) {
    const changed = Buffer.from(whole);
    changed[at] = (changed[at] ?? 0) ^ 1;
    await writeFile(path, changed);
    expect(await store.read(HASH)).toBeNull();
  }
  await writeFile(path, whole.subarray(0, whole.length - 2));
  expect(await store.read(HASH)).toBeNull();
  await writeFile(path, whole);
  expect(await store.read(HASH)).toEqual(FEATURES);
});

test("features of another size are refused", async () => {
  const store = await open();
  const short = FEATURES.map((layer) => layer.subarray(1));
  await expect(store.write(HASH, short)).rejects.toThrow("Expected 12 values in layer 0, got 11");
});

test("class tokens are kept behind the token maps when the encoder gives them", async () => {
  const withGlobals = { ...ENCODER, layers: [...ENCODER.layers], globals: true };
  const store = await FeatureStore.open(folder, withGlobals, "0123456789abcdef0");
  const globals = [3, 1, 2].map((length) => Uint16Array.from({ length }, (_, i) => i + length));
  await store.write(HASH, [...FEATURES, ...globals]);
  expect(await store.read(HASH)).toEqual([...FEATURES, ...globals]);
  expect(store.valuesPerImage).toBe(30);
  await expect(store.write(HASH, FEATURES)).rejects.toThrow("Expected 6 arrays of features, got 3");
});
