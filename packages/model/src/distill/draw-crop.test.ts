import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";

import { drawCrop } from "./draw-crop.ts";
import { proceduralTexture } from "./procedural-texture.ts";

let folder: string;
let corpus: string[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "loupe-crops-"));
  corpus = [join(folder, "photo.png"), join(folder, "broken.png")];
  const pixels = proceduralTexture(9, 200);
  await sharp(pixels, { raw: { width: 200, height: 200, channels: 3 } }).toFile(corpus[0]!);
  await writeFile(corpus[1]!, "no picture");
});
afterAll(() => rm(folder, { recursive: true }));

function stdOf(pixels: Uint8Array): number {
  const mean = pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
  const squares = pixels.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / pixels.length);
}

test("a crop depends on seed and number alone, and broken pictures give way", async () => {
  const draw = (index: number, seed = 1) => drawCrop(corpus, { seed, index, size: 64 });
  const crops = await Promise.all([0, 1, 2, 3, 4, 5].map((index) => draw(index)));
  const again = await Promise.all([0, 1, 2, 3, 4, 5].map((index) => draw(index)));
  expect(again).toEqual(crops);
  expect(crops[0]!.pixels).toHaveLength(3 * 64 * 64);
  expect(crops[1]!.pixels).not.toEqual(crops[0]!.pixels);
  expect((await draw(0, 2)).pixels).not.toEqual(crops[0]!.pixels);
});

test("made-up surfaces differ by seed and show something", () => {
  const surfaces = Array.from({ length: 12 }, (_, seed) => proceduralTexture(seed, 96));
  expect(proceduralTexture(3, 96)).toEqual(surfaces[3]);
  expect(new Set(surfaces.map((pixels) => Buffer.from(pixels).toString("base64"))).size).toBe(12);
  expect(surfaces.filter((pixels) => stdOf(pixels) > 4).length).toBeGreaterThan(9);
});
