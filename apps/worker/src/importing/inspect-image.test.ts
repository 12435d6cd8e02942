import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";

import sharp from "sharp";
import { describe, expect, test } from "vitest";

import { drawPart } from "../testing/draw-part.ts";
import { scratchFolder } from "../testing/scratch-folder.ts";
import { inspectImage } from "./inspect-image.ts";

const scratch = scratchFolder();
const PIXELS = 1_000_000;

async function inspect(bytes: Uint8Array, pixels = PIXELS) {
  const path = join(scratch.path, crypto.randomUUID());
  await writeFile(path, bytes);
  return inspectImage({ path, head: bytes.subarray(0, 64) }, { pixels });
}

/** An interlaced PNG of 16 bits whose header claims 9900 × 9900; there is no more of it. */
async function anInterlacedGiant(): Promise<Buffer> {
  const png = await sharp({ create: { width: 8, height: 8, channels: 4, background: "red" } })
    .toColourspace("rgb16")
    .png({ progressive: true })
    .toBuffer();
  png.writeUInt32BE(9900, 16);
  png.writeUInt32BE(9900, 20);
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
  return png;
}

describe("inspectImage", () => {
  test("refuses a picture that would fill the memory by its header", async () => {
    expect(await inspect(await anInterlacedGiant(), 100_000_000)).toMatchObject({
      isAccepted: false,
      outcome: "too_large",
      reason: expect.stringContaining("Save it without interlacing") as string,
    });
  });

  test.each(["png", "jpeg", "webp"] as const)(
    "takes %s whatever the file is called",
    async (format) => {
      const bytes = await sharp(await drawPart({ seed: 1 }))
        .toFormat(format)
        .toBuffer();
      expect(await inspect(bytes)).toEqual({
        isAccepted: true,
        width: 48,
        height: 48,
        converted: null,
      });
    },
  );

  test("measures a turned photograph as it is looked at", async () => {
    const bytes = await sharp({ create: { width: 40, height: 20, channels: 3, background: "red" } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    expect(await inspect(bytes)).toMatchObject({ isAccepted: true, width: 20, height: 40 });
  });

  test.each<[string, Uint8Array, string]>([
    ["text", Buffer.from("hello"), "not_an_image"],
    ["an empty file", Buffer.alloc(0), "not_an_image"],
    ["SVG", Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), "unsupported_image"],
    ["SVG behind a declaration", Buffer.from('\n<?xml version="1.0"?><svg/>'), "unsupported_image"],
    ["GIF", Buffer.from("GIF89a......"), "unsupported_image"],
    ["a TIFF without a picture", Buffer.from("II*\0......"), "damaged_image"],
    ["BigTIFF", Buffer.from("II+\0......"), "unsupported_image"],
    ["a text that begins like a BMP", Buffer.from("BMW and other makers"), "not_an_image"],
    ["a PNG without a picture", Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), "damaged_image"],
  ])("refuses %s", async (_, bytes, outcome) => {
    expect(await inspect(bytes)).toMatchObject({ isAccepted: false, outcome });
  });

  test.each(["png", "jpeg"] as const)("refuses a %s that ends in the middle", async (format) => {
    const whole = await sharp(await drawPart({ seed: 2, size: 200 }))
      .toFormat(format)
      .toBuffer();
    expect(await inspect(whole.subarray(0, whole.length * 0.6))).toMatchObject({
      isAccepted: false,
      outcome: "damaged_image",
    });
  });

  test("refuses more pixels than allowed without decoding them", async () => {
    const wide = { width: 4000, height: 4000, channels: 3, background: "white" } as const;
    const bytes = await sharp({ create: wide }).png().toBuffer();
    expect(await inspect(bytes)).toMatchObject({ isAccepted: false, outcome: "too_large" });
  });

  test("keeps a TIFF as PNG", async () => {
    const drawn = await drawPart({ seed: 4 });
    const inspected = await inspect(await sharp(drawn).tiff({ compression: "deflate" }).toBuffer());
    expect(inspected).toMatchObject({ isAccepted: true, width: 48, height: 48 });
    const { path, from } = (inspected as Extract<typeof inspected, { isAccepted: true }>)
      .converted!;
    expect(from).toBe("TIFF");
    const pixels = await sharp(path).raw().toBuffer();
    expect(pixels.equals(await sharp(drawn).raw().toBuffer())).toBe(true);
  });

  test("refuses a TIFF with several pictures, and one that is cut short", async () => {
    const drawn = await sharp(await drawPart({ seed: 5, size: 200 }))
      .tiff({ compression: "none" })
      .toBuffer();
    expect(await inspect(drawn.subarray(0, drawn.length / 2))).toMatchObject({
      isAccepted: false,
      outcome: "damaged_image",
    });
    const pages = await sharp([drawn, drawn], { join: { animated: true } })
      .tiff()
      .toBuffer();
    expect(await inspect(pages)).toMatchObject({ isAccepted: false, outcome: "unsupported_image" });
  });

  test("refuses an animation", async () => {
    const frames = await sharp(await drawPart({ seed: 3 }))
      .extend({ bottom: 48 })
      .raw()
      .toBuffer();
    const bytes = await sharp(frames, {
      raw: { width: 48, height: 96, channels: 3, pageHeight: 48 },
    })
      .webp({ loop: 0, delay: [100, 100] })
      .toBuffer();
    expect(await inspect(bytes)).toMatchObject({ isAccepted: false, outcome: "unsupported_image" });
  });
});
