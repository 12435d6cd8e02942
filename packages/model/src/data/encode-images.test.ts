import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { writeDataset } from "../../test/write-dataset.ts";
import type { EncoderInfo } from "../catalog/encoder-info.ts";
import { type Features, FeatureStore } from "../encoders/feature-store.ts";
import { locateEncoder } from "../encoders/find-encoder.ts";
import { type EncodedImage, encodeImages } from "./encode-images.ts";
import { EncoderOnDemand } from "./encoder-on-demand.ts";
import type { InputImage } from "./input-image.ts";
import { scanDataset } from "./scan-dataset.ts";

const ENCODER = fileURLToPath(new URL("../../test/fixtures/vit", import.meta.url));

let folder: string;
let images: InputImage[];
let info: EncoderInfo;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "loupe-encode-"));
  await writeDataset(join(folder, "data"), { train: 9, good: 0, defective: 0 });
  images = (await scanDataset(join(folder, "data"))).flatMap(({ train }) => train);
  ({ info } = await locateEncoder(ENCODER));
});
afterEach(() => rm(folder, { recursive: true }));

const openStore = (name: string): Promise<FeatureStore> =>
  FeatureStore.open(join(folder, name), info, "0".repeat(64));

async function all(passes: AsyncIterable<EncodedImage>): Promise<EncodedImage[]> {
  const seen: EncodedImage[] = [];
  for await (const each of passes) seen.push(each);
  return seen;
}

const bits = (features: Features): string =>
  features
    .map((part) => Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString("hex"))
    .join();

/** Gives every picture features of its first pixel's colour, slowly, and counts. */
class SlowEncoder {
  readonly ahead = 3;
  running = 0;
  most = 0;
  encoded = 0;

  prepare(path: string): Promise<Float32Array> {
    return Promise.resolve(Float32Array.of(images.findIndex((image) => image.path === path)));
  }

  async encode([index = 0]: Float32Array, signal: AbortSignal): Promise<Features> {
    signal.throwIfAborted();
    this.most = Math.max(this.most, ++this.running);
    // Later pictures are quicker, so that they would overtake.
    await sleep(12 - index);
    this.running--;
    this.encoded++;
    const tokens = info.gridSize ** 2;
    return info.layers.map(({ channels }) => new Uint16Array(tokens * channels).fill(index));
  }
}

test("several pictures are encoded at once and come in order; a second pass encodes none", async () => {
  const encoder = new SlowEncoder();
  const store = await openStore("cache");
  const { signal } = new AbortController();

  const seen = await all(encodeImages(images, { encoder, store, signal }));
  expect(seen.map(({ image }) => image.id)).toEqual(images.map(({ id }) => id));
  expect(seen.map(({ features }) => features[0]?.[0])).toEqual(images.map((_, index) => index));
  expect(encoder.most).toBe(3);

  const again = await all(encodeImages(images, { encoder, store, signal }));
  expect(encoder.encoded).toBe(images.length);
  expect(again.map(({ features }) => bits(features))).toEqual(
    seen.map(({ features }) => bits(features)),
  );
});

test("the pass goes on while the caller is busy with a picture", async () => {
  const encoder = new SlowEncoder();
  const { signal } = new AbortController();
  const pass = encodeImages(images, { encoder, store: await openStore("cache"), signal });
  await pass.next();
  await vi.waitFor(() => {
    expect(encoder.encoded).toBe(encoder.ahead);
  });
  await pass.return();
});

test("aborting ends the pass with the reason, and nothing runs on", async () => {
  const encoder = new SlowEncoder();
  const controller = new AbortController();
  const store = await openStore("cache");
  const pass = encodeImages(images, { encoder, store, signal: controller.signal });
  await pass.next();
  controller.abort(new Error("Enough."));

  await expect(pass.next()).rejects.toThrow("Enough.");
  const { encoded } = encoder;
  await sleep(50);
  expect(encoder.running).toBe(0);
  expect(encoder.encoded).toBe(encoded);
  expect(encoded).toBeLessThan(images.length);
});

test("a picture that cannot be read is named, after those before it", async () => {
  const path = join(folder, "text.png");
  await writeFile(path, "not an image");
  const broken = [...images.slice(0, 2), { id: "broken", category: "data", path }];
  const encoder = new EncoderOnDemand(await locateEncoder(ENCODER), "cpu");
  const { signal } = new AbortController();
  const seen: string[] = [];
  const pass = async (): Promise<void> => {
    const store = await openStore("cache");
    for await (const { image } of encodeImages(broken, { encoder, store, signal })) {
      seen.push(image.id);
    }
  };

  await expect(pass()).rejects.toThrow(`Expected a readable image, but ${path}`);
  await encoder.close();
  expect(seen).toEqual(images.slice(0, 2).map(({ id }) => id));
});

test("a picture's features depend on no other picture, bit for bit", async () => {
  const source = await locateEncoder(ENCODER);
  const { signal } = new AbortController();
  const encode = async (order: readonly InputImage[], name: string) => {
    const encoder = new EncoderOnDemand(source, "cpu");
    const store = await openStore(name);
    const seen = await all(encodeImages(order, { encoder, store, signal }));
    await encoder.close();
    return new Map(seen.map(({ image, features }) => [image.id, bits(features)]));
  };
  const together = await encode(images, "together");
  const reversed = await encode([...images].reverse(), "reversed");
  const [alone] = await encode(images.slice(4, 5), "alone");

  expect(together.size).toBe(images.length);
  expect([...reversed].reverse()).toEqual([...together]);
  expect(alone).toEqual([...together][4]);
});
