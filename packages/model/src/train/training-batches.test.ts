import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterEach, beforeEach, expect, test } from "vitest";

import { type Features, FeatureStore } from "../encoders/feature-store.ts";
import { locateEncoder } from "../encoders/find-encoder.ts";
import { createBatchOrder } from "./batch-order.ts";
import { trainingBatches } from "./training-batches.ts";

const ENCODER = fileURLToPath(new URL("../../test/fixtures/vit", import.meta.url));
const IMAGES = 40;
const BATCH = 3;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "loupe-batches-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** Image i has features of value i; `reads` are what was read of the store. */
async function prepare() {
  const { info: encoder } = await locateEncoder(ENCODER);
  const store = await FeatureStore.open(folder, encoder, "0".repeat(64));
  const hashes = Array.from({ length: IMAGES }, (_, index) => String(index).padStart(64, "0"));
  const tokens = encoder.gridSize ** 2;
  for (const [index, hash] of hashes.entries()) {
    const layers = encoder.layers.map(({ channels }) => tokens * channels);
    await store.write(
      hash,
      layers.map((size) => new Uint16Array(size).fill(index)),
    );
  }
  const reads: Promise<Features | null>[] = [];
  const read = (hash: string): Promise<Features | null> => {
    const features = store.read(hash);
    reads.push(features);
    return features;
  };
  return { prepared: { encoder, store: { read }, hashes }, reads };
}

test("a batch holds the images of its step, also when it begins in the middle", async () => {
  const { prepared } = await prepare();
  const order = createBatchOrder({ images: IMAGES, batch: BATCH, seed: 5 });
  const seen: [number, number[]][] = [];
  const steps = { batch: BATCH, seed: 5, from: 11, to: 16 };
  for await (const { step, feeds } of trainingBatches(prepared, steps)) {
    const { data, shape } = feeds["tokens2"]!;
    const size = data.length / BATCH;
    expect(shape[0]).toBe(BATCH);
    seen.push([step, Array.from({ length: BATCH }, (_, row) => Number(data[row * size]))]);
  }
  expect(seen).toEqual([11, 12, 13, 14, 15].map((step) => [step, order(step)]));
});

test("the next batch, and no other, is read while the caller works on one", async () => {
  const { prepared, reads } = await prepare();
  let taken = 0;
  const steps = { batch: BATCH, seed: 5, from: 0, to: 8 };
  for await (const _ of trainingBatches(prepared, steps)) {
    taken++;
    const ahead = Math.min(taken + 1, 8);
    expect(reads).toHaveLength(ahead * BATCH);
    await Promise.all(reads);
    expect(reads).toHaveLength(ahead * BATCH);
  }
  expect(taken).toBe(8);
});
