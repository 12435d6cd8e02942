import { AppError } from "@loupe/contracts";
import sharp, { type Sharp } from "sharp";

import { readBmp } from "./read-bmp.ts";
import type { CameraFormat } from "./recognise-camera-format.ts";

export type Conversion = {
  readonly from: string;
  readonly format: CameraFormat;
  /** The file to write. */
  readonly to: string;
  readonly maxPixels: number;
  /** What its values mean: light, or the numbers of defects, of which even 1 is one. */
  readonly content: "picture" | "mask";
};

/** Bits that sensors deliver in 16-bit files. */
const SENSOR_BITS = [12, 14, 16];

/**
 * Write a camera's picture as an 8-bit PNG, upright and without anything but its pixels.
 *
 * The same file always gives the same bytes, so doubles are still found by their content.
 * Of 16 bits a camera of 12 or 14 fills the lower part only. The fewest bits that hold the
 * brightest pixel are spread over 8: pictures of one camera stay comparable, which they would not
 * if each were stretched to its own range.
 *
 * @returns what was read, such as "16-bit TIFF"
 * @throws AppError BAD_INPUT or TOO_LARGE for what cannot be kept as such a picture
 */
export async function convertToPng(conversion: Conversion): Promise<string> {
  const { from, format, to, maxPixels } = conversion;
  if (format === "bmp") {
    const { pixels, width, height } = await readBmp(from, maxPixels);
    await sharp(pixels, { raw: { width, height, channels: 3 }, limitInputPixels: maxPixels })
      .png()
      .toFile(to);
    return "BMP";
  }
  const { pages, depth, width, height, channels } = await sharp(from, {
    limitInputPixels: false,
  }).metadata();
  if ((pages ?? 1) > 1) {
    throw new AppError("BAD_INPUT", `Expected one picture a file, got a TIFF with ${pages}.`);
  }
  if (width * height > maxPixels) {
    throw new AppError(
      "TOO_LARGE",
      `Expected at most ${maxPixels} pixels, got ${width} × ${height}. Scale it down.`,
    );
  }
  if (depth !== "uchar" && depth !== "ushort") {
    throw new AppError(
      "BAD_INPUT",
      "Expected a TIFF of 8 or 16 bits, got one of another kind of numbers. Convert it to PNG.",
    );
  }
  const picture = sharp(from, {
    limitInputPixels: maxPixels,
    failOn: "error",
    sequentialRead: true,
  }).autoOrient();
  const read = depth === "uchar" ? picture : await reduce(picture, conversion);
  const upright = channels <= 2 ? read.removeAlpha().extractChannel(0) : read;
  await upright.png().toFile(to);
  if (depth === "uchar") return "TIFF";
  return "16-bit TIFF";
}

/** Spread the used part of 16 bits over the 8 that remain. */
async function reduce(picture: Sharp, { from, content, maxPixels }: Conversion): Promise<Sharp> {
  const { channels } = await sharp(from, {
    limitInputPixels: maxPixels,
    failOn: "error",
    sequentialRead: true,
  }).stats();
  const brightest = Math.max(1, ...channels.slice(0, 3).map(({ max }) => max));
  const bits = SENSOR_BITS.find((count) => brightest < 2 ** count) ?? 16;
  const used = content === "mask" ? brightest : 2 ** bits - 1;
  return picture.removeAlpha().linear((2 ** 16 - 1) / used, 0);
}
