import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import sharp from "sharp";
import { afterEach, beforeEach, expect, test } from "vitest";

import { COLORMAP, COLORMAP_SIZE } from "./colormap.ts";
import { renderOverlay } from "./render-overlay.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "loupe-overlay-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** CIE L* of an sRGB colour. */
function lightness(r: number, g: number, b: number): number {
  const linear = [r, g, b].map((byte) => {
    const share = byte / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const y = 0.2126 * linear[0]! + 0.7152 * linear[1]! + 0.0722 * linear[2]!;
  return 116 * Math.cbrt(Math.max(y, 0.008856)) - 16;
}

test("the ramp grows lighter with every level, from nearly black to nearly white", () => {
  const levels = Array.from({ length: COLORMAP_SIZE }, (_, i) =>
    lightness(COLORMAP[3 * i]!, COLORMAP[3 * i + 1]!, COLORMAP[3 * i + 2]!),
  );
  // Eight levels apart, so that rounding to bytes does not count.
  for (let i = 8; i < levels.length; i++) expect(levels[i]!).toBeGreaterThan(levels[i - 8]!);
  expect(levels[0]!).toBeLessThan(20);
  expect(levels.at(-1)!).toBeGreaterThan(90);
});

test("normal pixels stay as they were, anomalous ones are coloured, at the picture's own size", async () => {
  const [imagePath, outPng] = [join(folder, "in.png"), join(folder, "out.png")];
  const grey = { r: 100, g: 100, b: 100 };
  await sharp({ create: { width: 8, height: 4, channels: 3, background: grey } }).toFile(imagePath);
  const values = Float32Array.of(0, 0, 2, 2);
  const map = { width: 4, height: 1, values };
  await renderOverlay({ imagePath, map, scale: { min: 0, max: 1 }, outPng });

  const { data, info } = await sharp(outPng).removeAlpha().raw().toBuffer({
    resolveWithObject: true,
  });
  expect([info.width, info.height, info.channels]).toEqual([8, 4, 3]);
  expect([...data.subarray(0, 3)]).toEqual([100, 100, 100]);
  const top = [...COLORMAP.subarray(-3)];
  const right = [...data.subarray(7 * 3, 8 * 3)];
  for (const [i, channel] of right.entries()) {
    expect(Math.abs(channel - (0.75 * top[i]! + 25))).toBeLessThanOrEqual(2);
  }
});
