import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { convertToPng, type Conversion } from "./convert-to-png.ts";
import { recogniseCameraFormat } from "./recognise-camera-format.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "loupe-pictures-"));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

async function convert(bytes: Uint8Array, choice: Partial<Conversion> = {}) {
  const from = join(folder, "in");
  const to = join(folder, "out.png");
  await writeFile(from, bytes);
  const format = recogniseCameraFormat(bytes.subarray(0, 64));
  if (format === null) throw new Error("Expected a TIFF or BMP");
  const content = "picture" as const;
  const said = await convertToPng({ from, format, to, maxPixels: 1e6, content, ...choice });
  const { data, info } = await sharp(to).raw().toBuffer({ resolveWithObject: true });
  const { channels, depth } = await sharp(to).metadata();
  /** The first channel of every pixel. */
  const greys = [...data].filter((_, i) => i % info.channels === 0);
  return { said, greys, data, channels, depth, bytes: await readFile(to) };
}

/** A grey TIFF of 16 bits, one row. */
async function tiffOf(values: readonly number[]): Promise<Buffer> {
  return sharp(Uint16Array.from(values), {
    raw: { width: values.length, height: 1, channels: 1 },
  })
    .toColourspace("grey16")
    .tiff({ compression: "lzw" })
    .toBuffer();
}

describe("TIFF", () => {
  test.each([
    ["a camera of 12 bits", [0, 1024, 2048, 4095], [0, 64, 128, 255]],
    ["a dark picture of that camera", [0, 1024, 2048], [0, 64, 128]],
    ["14 bits", [0, 4096, 8192, 16383], [0, 64, 128, 255]],
    ["all 16 bits", [0, 16384, 32768, 65535], [0, 64, 128, 255]],
  ])("spreads %s over 8", async (_, values, expected) => {
    const { said, greys, channels, depth } = await convert(await tiffOf(values));
    expect(said).toBe("16-bit TIFF");
    expect({ channels, depth }).toEqual({ channels: 1, depth: "uchar" });
    for (const [i, grey] of greys.entries()) {
      expect(Math.abs(grey - expected[i]!)).toBeLessThanOrEqual(1);
    }
  });

  test("keeps even the smallest number of a mask", async () => {
    const { greys } = await convert(await tiffOf([0, 1, 0, 1]), { content: "mask" });
    expect(greys).toEqual([0, 255, 0, 255]);
  });

  test("leaves 8 bits and colours alone, and always writes the same bytes", async () => {
    const pixels = Uint8Array.from([255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30]);
    const raw = { width: 2, height: 2, channels: 3 } as const;
    const bytes = await sharp(pixels, { raw }).tiff({ compression: "none" }).toBuffer();
    const first = await convert(bytes);
    expect([...first.data]).toEqual([...pixels]);
    expect((await convert(bytes)).bytes).toEqual(first.bytes);
  });

  test("refuses more pixels than allowed", async () => {
    await expect(convert(await tiffOf([1, 2, 3]), { maxPixels: 2 })).rejects.toMatchObject({
      code: "TOO_LARGE",
    });
  });
});

type Bmp = { bits: number; rows: number[][]; palette?: number[]; isTopDown?: boolean };

/** A BMP of 2 × 2 pixels; rows as they lie in the file, padded. */
function bmpOf({ bits, rows, palette = [], isTopDown = false }: Bmp): Buffer {
  const header = Buffer.alloc(54);
  header.write("BM", "latin1");
  header.writeUInt32LE(54 + palette.length, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(2, 18);
  header.writeInt32LE(isTopDown ? -2 : 2, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(bits, 28);
  header.writeUInt32LE(palette.length / 4, 46);
  return Buffer.concat([header, Buffer.from(palette), ...rows.map((row) => Buffer.from(row))]);
}

/** Red and green over blue and white, as red, green, blue. */
const EXPECTED = [255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255];
const PALETTE = [0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0, 255, 255, 255, 0];

describe("BMP", () => {
  test.each<[string, Bmp]>([
    [
      "24 bits",
      {
        bits: 24,
        rows: [
          [255, 0, 0, 255, 255, 255, 0, 0],
          [0, 0, 255, 0, 255, 0, 0, 0],
        ],
      },
    ],
    [
      "32 bits from the top",
      {
        bits: 32,
        isTopDown: true,
        rows: [
          [0, 0, 255, 9, 0, 255, 0, 9],
          [255, 0, 0, 9, 255, 255, 255, 9],
        ],
      },
    ],
    [
      "8 bits with a palette",
      {
        bits: 8,
        palette: PALETTE,
        rows: [
          [2, 3, 0, 0],
          [0, 1, 0, 0],
        ],
      },
    ],
    [
      "4 bits with a palette",
      {
        bits: 4,
        palette: PALETTE,
        rows: [
          [0x23, 0, 0, 0],
          [0x01, 0, 0, 0],
        ],
      },
    ],
  ])("reads %s", async (_, bmp) => {
    const { said, data } = await convert(bmpOf(bmp));
    expect(said).toBe("BMP");
    expect([...data]).toEqual(EXPECTED);
  });

  const whole = bmpOf({
    bits: 24,
    rows: [
      [1, 2, 3, 4, 5, 6, 0, 0],
      [1, 2, 3, 4, 5, 6, 0, 0],
    ],
  });

  test("refuses what is cut short, packed, or of a size that it does not have", async () => {
    const packed = Buffer.from(whole);
    packed.writeUInt32LE(1, 30);
    const vast = Buffer.from(whole);
    vast.writeInt32LE(900, 18);
    for (const bytes of [whole.subarray(0, -3), whole.subarray(0, 30), packed, vast]) {
      await expect(convert(bytes)).rejects.toMatchObject({ code: "BAD_INPUT" });
    }
    vast.writeInt32LE(2_000_000, 18);
    await expect(convert(vast)).rejects.toMatchObject({ code: "TOO_LARGE" });
  });
});

test("tells both from other files", () => {
  const told = (text: string) => recogniseCameraFormat(Buffer.from(text, "latin1"));
  expect(told("II*\0")).toBe("tiff");
  expect(told("MM\0*")).toBe("tiff");
  expect(told("BMW and other makers of cars")).toBeNull();
  expect(told("BM")).toBeNull();
  expect(told("")).toBeNull();
});
