import { open } from "node:fs/promises";

import sharp, { type Metadata } from "sharp";

import { measureBmp } from "./read-bmp.ts";
import { recogniseCameraFormat } from "./recognise-camera-format.ts";

/** What decoding a picture will hold in memory, told by its header alone. */
export type DecodingEstimate = {
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
  /** Why it cannot pass through in strips; null when it can. */
  readonly heldWhole: "interlaced" | "turned" | "format" | null;
};

const HEAD_BYTES = 64;
/** Rows that are under way at once while a picture passes through in strips. */
const STRIP_ROWS = 512;
/** A progressive JPEG keeps 16 bits of each coefficient until its last scan. */
const COEFFICIENT_BYTES = 2;
/** From this EXIF orientation on a picture lies on its side, and turning needs all of it. */
const FIRST_SIDEWAYS = 5;
const SAMPLE_BYTES: Readonly<Record<string, number>> = { uchar: 1, char: 1, ushort: 2, short: 2 };

/**
 * How much memory a picture takes while it is decoded, before a single row is.
 *
 * Null when the header cannot be read: the decoder then says what is wrong with it, at no cost.
 */
export async function estimateDecoding(path: string): Promise<DecodingEstimate | null> {
  try {
    if (recogniseCameraFormat(await readHead(path)) === "bmp") {
      const { width, height } = await measureBmp(path);
      return { width, height, bytes: width * height * 3, heldWhole: "format" };
    }
    return estimate(await sharp(path, { limitInputPixels: false }).metadata());
  } catch {
    return null;
  }
}

function estimate(header: Metadata): DecodingEstimate {
  const { format, width, height, channels, depth, isProgressive, orientation = 1 } = header;
  const rowBytes = width * channels * (SAMPLE_BYTES[depth] ?? 4);
  const whole = rowBytes * height;
  const strips = rowBytes * Math.min(height, STRIP_ROWS);
  const size = { width, height };
  if (format === "png" && isProgressive) return { ...size, bytes: whole, heldWhole: "interlaced" };
  if (format === "jpeg" && isProgressive) {
    const coefficients = header.chromaSubsampling === "4:2:0" ? whole / 2 : whole;
    return { ...size, bytes: COEFFICIENT_BYTES * coefficients, heldWhole: "interlaced" };
  }
  if (format === "webp") return { ...size, bytes: whole, heldWhole: "format" };
  if (orientation >= FIRST_SIDEWAYS) return { ...size, bytes: whole, heldWhole: "turned" };
  return { ...size, bytes: strips, heldWhole: null };
}

async function readHead(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
