import sharp from "sharp";

import type { PixelNormalisation } from "../encoders/pixel-normalisation.ts";

/** Some 12-megapixel sensors deliver 16-bit greys; anything near this limit is no part photo. */
const MAX_INPUT_PIXELS = 200_000_000;

/**
 * Bytes of a picture as upright 8-bit RGB, stretched to a square.
 *
 * EXIF rotation is applied, grey becomes RGB, 16-bit depth is scaled to 8, transparency is laid on
 * black. Shrinking averages (triangle filter), as PIL's bilinear does.
 *
 * @returns shape [size, size, 3]
 */
async function decodeSquare(path: string, size: number): Promise<Buffer> {
  try {
    const { data, info } = await sharp(path, {
      failOn: "error",
      limitInputPixels: MAX_INPUT_PIXELS,
      autoOrient: true,
    })
      .flatten({ background: "#000" })
      .toColourspace("srgb")
      .resize(size, size, { fit: "fill", kernel: "linear", fastShrinkOnLoad: false })
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== 3) {
      throw new Error(`Expected 3 channels after conversion, got ${info.channels}.`);
    }
    return data;
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new Error(`Expected a readable image, but ${path} is not one: ${reason}`, {
      cause: error,
    });
  }
}

/**
 * A picture as an encoder's input, written into `out`.
 *
 * @param out shape [3, size, size], overwritten
 * @throws when the file is missing, damaged or no image
 */
export async function decodeImage(
  path: string,
  { mean, std }: PixelNormalisation,
  out: { size: number; pixels: Float32Array },
): Promise<void> {
  const rgb = await decodeSquare(path, out.size);
  const area = out.size ** 2;
  for (const channel of [0, 1, 2] as const) {
    const gain = 1 / (255 * std[channel]);
    const offset = mean[channel] / std[channel];
    for (let i = 0; i < area; i++) {
      out.pixels[channel * area + i] = (rgb[3 * i + channel] ?? 0) * gain - offset;
    }
  }
}
