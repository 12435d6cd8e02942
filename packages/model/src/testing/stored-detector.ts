import type { StoredDetector } from "../detector/detector-file.ts";
import { float32 } from "../tensor/index.ts";

const CHANNELS = [2, 1, 3];

/** A small detector as it lies in its file; its encoder is nowhere. */
export const STORED_DETECTOR: StoredDetector = {
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
  cells: { cap: { base: new Float32Array(4).fill(0.5), spread: new Float32Array(4).fill(2) } },
  statistics: CHANNELS.map((channels) => ({
    mean: new Float32Array(channels).fill(0.5),
    std: new Float32Array(channels).fill(2),
  })),
  weights: { "head/weight": float32([2, 2], [1, 2, 3, 4]), "a/bias": float32([1], [-1]) },
};
