import sharp from "sharp";

import { importPictures } from "./import-pictures.ts";
import type { ImportLimits } from "./import-limits.ts";

export type NormalisedMask = {
  /** 8-bit grey PNG, 255 where defective, else 0. */
  readonly png: Uint8Array;
  readonly isEmpty: boolean;
};

/**
 * A mask in the one form that we store: defective wherever any colour channel is above zero.
 *
 * Transparent pixels are not defective, whatever colour they hide. Memory is one byte a pixel at
 * most, since the picture passes through in strips.
 */
export function normaliseMask(
  path: string,
  limits: Pick<ImportLimits, "pixels">,
): Promise<NormalisedMask> {
  return importPictures.decode(path, () => normalise(path, limits));
}

async function normalise(
  path: string,
  limits: Pick<ImportLimits, "pixels">,
): Promise<NormalisedMask> {
  const png = await sharp(path, { limitInputPixels: limits.pixels, failOn: "error" })
    .autoOrient()
    .flatten({ background: "black" })
    .threshold(1, { greyscale: false })
    .bandbool("or")
    .toColourspace("b-w")
    .png({ compressionLevel: 6 })
    .toBuffer();
  const { channels } = await sharp(png, { limitInputPixels: limits.pixels }).stats();
  return { png, isEmpty: (channels[0]?.max ?? 0) === 0 };
}
