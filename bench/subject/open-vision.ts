import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { locateEncoder, openSession, sample, type Tensor } from "@loupe/model/engine";

import { loadScoring } from "./open-scoring.ts";
import { writeRandomVit } from "./random-vit.ts";
import type { OpenSubject } from "./subject.ts";

const PATCH = 16;
const DEPTH = 12;
const HEAD_WIDTH = 64;

/** Builds the encoder's model from a checkpoint, as the product does. */
async function encoderModel(
  sizes: { readonly channels: number; readonly imageSize: number; readonly batch: number },
  provider: Parameters<typeof openSession>[1]["provider"],
): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), "loupe-bench-"));
  try {
    await writeRandomVit(folder, {
      width: sizes.channels,
      depth: DEPTH,
      heads: sizes.channels / HEAD_WIDTH,
      imageSize: sizes.imageSize,
      patchSize: PATCH,
    });
    const source = await locateEncoder(folder);
    return await source.buildModel(sizes.batch, provider);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** From pixels to the features of three layers, and with a method to its smoothed map. */
export const openVision: OpenSubject = async (options) => {
  const { provider, threads, batch, gridSize, channels } = options;
  const imageSize = PATCH * gridSize;
  const encoder = await openSession(await encoderModel({ channels, imageSize, batch }, provider), {
    provider,
    threads,
  });
  const scoring = options.method === undefined ? null : await loadScoring(options.method, options);
  const shape = [batch, 3, imageSize, imageSize];
  const pixels = sample({ kind: "uniform", low: -1, high: 1 }, shape, 0);
  const copy = (): Record<string, Tensor> => ({
    pixels: { ...pixels, data: pixels.data.slice() },
  });
  return {
    run: async () => {
      const feeds = copy();
      const begin = performance.now();
      const features = await encoder.run(feeds, { consume: true });
      await scoring?.session.run(features, { consume: true });
      return performance.now() - begin;
    },
    close: async () => {
      await encoder.close();
      await scoring?.session.close();
    },
  };
};
