import { causeOf, isAppError, PICTURE_REFUSALS, type ImportOutcome } from "@loupe/contracts";
import { convertToPng, recognisePicture } from "@loupe/platform";
import sharp from "sharp";

import { isDiskFull } from "../is-disk-full.ts";
import type { ImportLimits } from "./import-limits.ts";
import { importPictures } from "./import-pictures.ts";

export type InspectedImage =
  | {
      readonly isAccepted: true;
      /** Size as it is looked at: after the rotation that EXIF asks for. */
      readonly width: number;
      readonly height: number;
      /** Where the picture is that is kept, if it is not the file itself. */
      readonly converted: { readonly path: string; readonly from: string } | null;
    }
  | {
      readonly isAccepted: false;
      readonly outcome: Extract<
        ImportOutcome,
        "not_an_image" | "unsupported_image" | "damaged_image" | "too_large"
      >;
      readonly reason: string;
    };

type FileToInspect = { readonly path: string; readonly head: Uint8Array };

/**
 * Whether a file is a picture that we take: format by content, size, and every row decodes.
 *
 * What cameras write and browsers don't show is converted into a PNG beside the file; whoever asks
 * removes both.
 */
export async function inspectImage(
  file: FileToInspect,
  limits: Pick<ImportLimits, "pixels">,
  content: "picture" | "mask" = "picture",
): Promise<InspectedImage> {
  const recognised = await recognisePicture(file.head);
  if (recognised.kind === "not-a-picture") {
    return refused("not_an_image", PICTURE_REFUSALS.notAPicture());
  }
  if (recognised.kind === "other-picture") {
    return refused("unsupported_image", PICTURE_REFUSALS.otherFormat(recognised.name));
  }
  try {
    if (recognised.kind === "image") return await measure(file.path, limits);
    const path = convertedPath(file.path);
    const { format } = recognised;
    const conversion = { from: file.path, format, to: path, maxPixels: limits.pixels, content };
    const from = await importPictures.decode(file.path, () => convertToPng(conversion));
    const measured = await measure(path, limits);
    return measured.isAccepted ? { ...measured, converted: { path, from } } : measured;
  } catch (error) {
    // Our trouble, not the picture's.
    if (isDiskFull(error)) throw error;
    if (isAppError(error)) {
      const outcome = error.code === "TOO_LARGE" ? "too_large" : "unsupported_image";
      return refused(outcome, error.message);
    }
    return refused("damaged_image", PICTURE_REFUSALS.damaged(causeOf(error)));
  }
}

/** Where a file's conversion is, whether or not there is one. */
export function convertedPath(path: string): string {
  return `${path}.png`;
}

async function measure(
  path: string,
  limits: Pick<ImportLimits, "pixels">,
): Promise<InspectedImage> {
  // The header alone is read here, so the pixel limit holds before anything is decoded.
  const header = await sharp(path, { limitInputPixels: false }).metadata();
  const { width, height } = header.autoOrient;
  if (width * height > limits.pixels) {
    return refused("too_large", PICTURE_REFUSALS.tooManyPixels({ width, height }, limits.pixels));
  }
  if ((header.pages ?? 1) > 1) {
    return refused("unsupported_image", PICTURE_REFUSALS.animation());
  }
  await importPictures.decode(path, () => readEveryRow(path, limits.pixels));
  return { isAccepted: true, width, height, converted: null };
}

/** Shrinking to a few pixels reads every row, one strip at a time where the format allows it. */
function readEveryRow(path: string, pixels: number): Promise<Buffer> {
  return sharp(path, { limitInputPixels: pixels, failOn: "error", sequentialRead: true })
    .resize(8, 8, { fit: "fill", fastShrinkOnLoad: false })
    .raw()
    .toBuffer();
}

function refused(
  outcome: Extract<InspectedImage, { isAccepted: false }>["outcome"],
  reason: string,
): InspectedImage {
  return { isAccepted: false, outcome, reason };
}
