import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import sharp from "sharp";
import { afterEach, beforeEach, expect, test } from "vitest";

import { decodeImage } from "./decode-image.ts";
import { readMask } from "./read-mask.ts";
import { scanDataset } from "./scan-dataset.ts";

const PLAIN = { mean: [0, 0, 0], std: [1, 1, 1] } as const;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "loupe-images-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function decoded(path: string, size: number, normalisation = PLAIN): Promise<number[][]> {
  const pixels = new Float32Array(3 * size * size);
  await decodeImage(path, normalisation, { size, pixels });
  return [0, 1, 2].map((c) => [...pixels.subarray(c * size * size, (c + 1) * size * size)]);
}

test("red, green and blue become planes, normalised as the encoder asks", async () => {
  const path = join(folder, "rgb.png");
  await sharp(Buffer.from([255, 0, 51]), { raw: { width: 1, height: 1, channels: 3 } }).toFile(
    path,
  );
  expect(await decoded(path, 1)).toEqual([[1], [0], [Math.fround(0.2)]]);
  const [r, g] = await decoded(path, 1, { mean: [0.5, 0.5, 0.5], std: [0.5, 0.25, 1] } as never);
  expect(r?.[0]).toBeCloseTo(1, 6);
  expect(g?.[0]).toBeCloseTo(-2, 6);
});

test("grey becomes three equal planes, and 16 bits keep their brightness", async () => {
  const grey = join(folder, "grey.png");
  await sharp(Buffer.from([128]), { raw: { width: 1, height: 1, channels: 1 } })
    .toColourspace("b-w")
    .toFile(grey);
  expect(await decoded(grey, 1)).toEqual(
    [[128 / 255], [128 / 255], [128 / 255]].map((p) => p.map(Math.fround)),
  );

  const deep = join(folder, "deep.png");
  const half = new Uint16Array(4).fill(0x8080);
  await sharp(half, { raw: { width: 2, height: 2, channels: 1 } })
    .toColourspace("grey16")
    .png()
    .toFile(deep);
  expect((await sharp(deep).metadata()).depth).toBe("ushort");
  for (const plane of await decoded(deep, 2)) {
    for (const value of plane) expect(value).toBeCloseTo(128 / 255, 2);
  }
});

test("a picture that says it lies on its side is turned upright", async () => {
  const path = join(folder, "turned.jpg");
  // Stored: left half black, right half white; orientation 6 shows it turned by 90° clockwise.
  const stored = Buffer.alloc(16 * 16 * 3);
  for (let i = 0; i < 256; i++) if (i % 16 >= 8) stored.fill(255, 3 * i, 3 * i + 3);
  await sharp(stored, { raw: { width: 16, height: 16, channels: 3 } })
    .withMetadata({ orientation: 6 })
    .jpeg({ quality: 100 })
    .toFile(path);
  const [red = []] = await decoded(path, 2);
  expect(red.map(Math.round)).toEqual([0, 0, 1, 1]);
});

test("what is no picture, or half of one, is an error that names the file", async () => {
  const text = join(folder, "text.png");
  await writeFile(text, "not an image");
  await expect(decoded(text, 4)).rejects.toThrow(`Expected a readable image, but ${text}`);

  const cut = join(folder, "cut.png");
  const noise = Buffer.from(Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * 7919) % 251));
  await sharp(noise, { raw: { width: 64, height: 64, channels: 3 } }).toFile(cut);
  const whole = await readFile(cut);
  await writeFile(cut, whole.subarray(0, whole.length / 2));
  await expect(decoded(cut, 4)).rejects.toThrow("Expected a readable image");
});

test("a mask counts every non-zero value and is cut at one half when resized", async () => {
  const path = join(folder, "mask.png");
  // Left half class 3, right half normal.
  const raw = Buffer.from(Array.from({ length: 64 }, (_, i) => (i % 8 < 4 ? 3 : 0)));
  await sharp(raw, { raw: { width: 8, height: 8, channels: 1 } })
    .toColourspace("b-w")
    .toFile(path);
  expect([...(await readMask(path, { width: 4, height: 2 }))]).toEqual([1, 1, 0, 0, 1, 1, 0, 0]);
  expect((await readMask(path, { width: 8, height: 8 })).reduce((a, b) => a + b)).toBe(32);
});

async function touch(...parts: string[]): Promise<void> {
  const path = join(folder, ...parts);
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, "");
}

test("MVTec layout: one category, masks with and without the suffix, defects without masks", async () => {
  await touch("nut", "train", "good", "b.png");
  await touch("nut", "train", "good", "a.JPG");
  await touch("nut", "train", "good", ".hidden.png");
  await touch("nut", "train", "good", "notes.txt");
  await touch("nut", "test", "good", "000.png");
  await touch("nut", "test", "bent", "000.png");
  await touch("nut", "test", "bent", "001.png");
  await touch("nut", "test", "scratch", "000.png");
  await touch("nut", "ground_truth", "bent", "000_mask.png");
  await touch("nut", "ground_truth", "bent", "001.png");

  const [nut, ...others] = await scanDataset(join(folder, "nut"));
  expect(others).toEqual([]);
  expect(nut?.name).toBe("nut");
  expect(nut?.train.map((image) => image.id)).toEqual([
    "nut/train/good/a.JPG",
    "nut/train/good/b.png",
  ]);
  expect(nut?.test.map(({ id, label, maskPath }) => [id, label, maskPath?.slice(-12)])).toEqual([
    ["nut/test/bent/000.png", "defective", "000_mask.png"],
    ["nut/test/bent/001.png", "defective", "bent/001.png"],
    ["nut/test/good/000.png", "good", undefined],
    ["nut/test/scratch/000.png", "defective", undefined],
  ]);
});

test("a folder of categories gives each of them, and other folders are left out", async () => {
  await touch("b", "train", "good", "0.png");
  await touch("a", "test", "good", "0.png");
  await touch("licence", "text.txt");
  expect((await scanDataset(folder)).map((category) => category.name)).toEqual(["a", "b"]);
});

test("a folder without the layout, a file and a missing path say so", async () => {
  await expect(scanDataset(folder)).rejects.toThrow("Expected MVTec layout");
  await touch("file");
  await expect(scanDataset(join(folder, "file"))).rejects.toThrow("is a file");
  await expect(scanDataset(join(folder, "none"))).rejects.toThrow("does not exist");
});
