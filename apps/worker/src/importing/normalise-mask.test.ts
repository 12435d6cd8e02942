import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import sharp from "sharp";
import { describe, expect, test } from "vitest";

import { scratchFolder } from "../testing/scratch-folder.ts";
import { normaliseMask } from "./normalise-mask.ts";

const scratch = scratchFolder();

async function normalise(png: Uint8Array) {
  const path = join(scratch.path, crypto.randomUUID());
  await writeFile(path, png);
  const mask = await normaliseMask(path, { pixels: 1000 });
  const { data, info } = await sharp(mask.png).toColourspace("b-w").raw().toBuffer({
    resolveWithObject: true,
  });
  const { format, depth } = await sharp(mask.png).metadata();
  return { values: [...data], channels: info.channels, format, depth, isEmpty: mask.isEmpty };
}

function pixels(channels: 1 | 3 | 4, values: number[]) {
  const width = values.length / channels;
  return sharp(Uint8Array.from(values), { raw: { width, height: 1, channels } });
}

const STORED = { values: [0, 255, 255, 0], channels: 1, format: "png", depth: "uchar" };

describe("normaliseMask", () => {
  test.each([
    ["grey", pixels(1, [0, 1, 255, 0]).png()],
    ["colour", pixels(3, [0, 0, 0, 0, 0, 1, 200, 0, 0, 0, 0, 0]).png()],
    ["palette", pixels(3, [0, 0, 0, 0, 0, 9, 200, 0, 0, 0, 0, 0]).png({ palette: true })],
    ["opaque RGBA", pixels(4, [0, 0, 0, 255, 0, 1, 0, 255, 9, 9, 9, 255, 0, 0, 0, 255]).png()],
    ["transparent colour", pixels(4, [0, 0, 0, 0, 9, 9, 9, 255, 9, 9, 9, 255, 9, 9, 9, 0]).png()],
  ])("marks every pixel above zero: %s", async (_, png) => {
    expect(await normalise(await png.toBuffer())).toEqual({ ...STORED, isEmpty: false });
  });

  test("marks the lowest value of a 16-bit mask", async () => {
    const png = await sharp(Uint16Array.from([0, 1, 65535, 0]), {
      raw: { width: 4, height: 1, channels: 1 },
    })
      .toColourspace("grey16")
      .png()
      .toBuffer();
    expect(await normalise(png)).toEqual({ ...STORED, isEmpty: false });
  });

  test("says when nothing is marked", async () => {
    const png = await pixels(1, [0, 0, 0, 0]).png().toBuffer();
    expect(await normalise(png)).toMatchObject({ isEmpty: true, values: [0, 0, 0, 0] });
  });
});
