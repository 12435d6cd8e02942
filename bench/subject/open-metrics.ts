import { writeFile } from "node:fs/promises";

import { auroc, createRandom, PixelAuroc } from "@loupe/model/engine";

import type { OpenSubject } from "./subject.ts";

const MAPS = 100;
const SIDE = 256;

type Sample = { readonly scores: Float32Array; readonly masks: Uint8Array };

/** Maps of which every second has a defect of a sixteenth of its area, where scores are higher. */
function makeSample(): Sample {
  const random = createRandom(0);
  const scores = new Float32Array(MAPS * SIDE * SIDE);
  const masks = new Uint8Array(scores.length);
  for (let index = 0; index < scores.length; index++) {
    const [map, row, column] = [
      Math.floor(index / SIDE ** 2),
      Math.floor(index / SIDE) % SIDE,
      index % SIDE,
    ];
    const isDefect = map % 2 === 1 && row < SIDE / 4 && column < SIDE / 4;
    masks[index] = Number(isDefect);
    scores[index] = random.uniform() + (isDefect ? 0.3 : 0);
  }
  return { scores, masks };
}

/**
 * Image and pixel AUROC of 100 maps of 256 × 256, from scores in memory to both areas.
 *
 * The maps are left in `folder` for the peer, which must come to the same areas.
 */
export const openMetrics: OpenSubject = async ({ folder = "." }) => {
  const { scores, masks } = makeSample();
  await writeFile(`${folder}/scores.bin`, scores);
  await writeFile(`${folder}/masks.bin`, masks);
  let values: readonly number[] = [];
  return {
    run: async () => {
      const begin = performance.now();
      const pixels = new PixelAuroc();
      const imageScores = new Float32Array(MAPS);
      const labels = new Uint8Array(MAPS);
      for (let image = 0; image < MAPS; image++) {
        const [start, end] = [image * SIDE ** 2, (image + 1) * SIDE ** 2];
        const map = scores.subarray(start, end);
        const mask = masks.subarray(start, end);
        pixels.add(map, mask);
        imageScores[image] = map.reduce((most, score) => Math.max(most, score), 0);
        labels[image] = mask[0] ?? 0;
      }
      values = [auroc(imageScores, labels) ?? Number.NaN, (await pixels.value()) ?? Number.NaN];
      return performance.now() - begin;
    },
    values: () => values,
    close: () => Promise.resolve(),
  };
};
