import { AppError, PICTURE_REFUSALS } from "@loupe/contracts";
import { open, type FileHandle } from "node:fs/promises";

export type RawPicture = {
  /** Red, green, blue; 8 bits each, rows from the top. */
  readonly pixels: Buffer;
  readonly width: number;
  readonly height: number;
};

type Layout = {
  readonly width: number;
  readonly height: number;
  /** Most files begin with the lowest row. */
  readonly isTopDown: boolean;
  readonly bits: number;
  readonly pixelsAt: number;
  readonly palette: Buffer;
  /** Bytes of one entry of the palette. */
  readonly paletteStep: number;
};

const FILE_HEADER_BYTES = 14;
const CORE_HEADER_BYTES = 12;
const BITMASKS = 3;
const UNPACKED = 0;
const READABLE_BITS = [1, 4, 8, 24, 32];
/** Blue, green and red of four bytes, as every writer of 32 bits orders them. */
const USUAL_MASKS = [0x00ff0000, 0x0000ff00, 0x000000ff];

/**
 * A BMP file as pixels, row by row; the image library reads none.
 *
 * Of the packages that do, fast-bmp 4 reads version 5 headers alone, where 40 bytes of header are
 * usual, and bmp-ts 1.0 takes the whole file and allocates what its header claims.
 *
 * @throws AppError BAD_INPUT or TOO_LARGE with a sentence that says what is wrong with it
 */
export async function readBmp(path: string, maxPixels: number): Promise<RawPicture> {
  const file = await open(path, "r");
  try {
    const layout = await readLayout(file);
    const { width, height } = layout;
    if (width * height > maxPixels) {
      throw new AppError("TOO_LARGE", PICTURE_REFUSALS.tooManyPixels({ width, height }, maxPixels));
    }
    // Rows are padded to whole words.
    const row = Buffer.alloc(Math.ceil((width * layout.bits) / 32) * 4);
    const { size } = await file.stat();
    if (size < layout.pixelsAt + row.length * height) throw unreadable("it is cut short");
    const pixels = Buffer.alloc(width * height * 3);
    for (let at = 0; at < height; at++) {
      await file.read(row, 0, row.length, layout.pixelsAt + at * row.length);
      const y = layout.isTopDown ? at : height - 1 - at;
      readRow(row, layout, pixels.subarray(y * width * 3, (y + 1) * width * 3));
    }
    return { pixels, width, height };
  } finally {
    await file.close();
  }
}

/** A BMP file's size in pixels, from its header. @throws as `readBmp` */
export async function measureBmp(path: string): Promise<{ width: number; height: number }> {
  const file = await open(path, "r");
  try {
    const { width, height } = await readLayout(file);
    return { width, height };
  } finally {
    await file.close();
  }
}

async function readLayout(file: FileHandle): Promise<Layout> {
  const head = await readBytes(file, 0, FILE_HEADER_BYTES + 4);
  const headerBytes = head.readUInt32LE(FILE_HEADER_BYTES);
  const header = await readBytes(file, FILE_HEADER_BYTES, headerBytes);
  const isCore = headerBytes === CORE_HEADER_BYTES;
  const width = isCore ? header.readUInt16LE(4) : header.readInt32LE(4);
  const signedHeight = isCore ? header.readUInt16LE(6) : header.readInt32LE(8);
  const bits = header.readUInt16LE(isCore ? 10 : 14);
  const packing = isCore ? UNPACKED : header.readUInt32LE(16);
  if (width <= 0 || signedHeight === 0) throw unreadable("it has no size");
  if (!READABLE_BITS.includes(bits)) throw unreadable(`it has ${bits} bits a pixel`);
  if (packing !== UNPACKED && !(packing === BITMASKS && bits === 32)) {
    throw unreadable("its pixels are packed");
  }
  // The masks follow the header of 40 bytes and lie inside of longer ones: the same place.
  const masksAt = FILE_HEADER_BYTES + 40;
  const masks = packing === BITMASKS ? await readBytes(file, masksAt, 12) : null;
  if (masks !== null && USUAL_MASKS.some((mask, at) => masks.readUInt32LE(at * 4) !== mask)) {
    throw unreadable("its colours are in an unusual order");
  }
  const paletteStep = isCore ? 3 : 4;
  const stated = isCore ? 0 : header.readUInt32LE(32);
  const colours = bits > 8 ? 0 : stated === 0 ? 2 ** bits : Math.min(stated, 2 ** bits);
  const paletteAt = FILE_HEADER_BYTES + headerBytes;
  return {
    width,
    height: Math.abs(signedHeight),
    isTopDown: signedHeight < 0,
    bits,
    pixelsAt: head.readUInt32LE(10),
    palette: await readBytes(file, paletteAt, colours * paletteStep),
    paletteStep,
  };
}

async function readBytes(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await file.read(bytes, 0, length, at);
  if (bytesRead < length) throw unreadable("it is cut short");
  return bytes;
}

function readRow(row: Buffer, { bits, palette, paletteStep }: Layout, out: Buffer): void {
  const step = bits / 8;
  const perByte = 8 / bits;
  for (let x = 0; x * 3 < out.length; x++) {
    let source = row;
    let at = x * step;
    if (bits <= 8) {
      const shift = 8 - bits * ((x % perByte) + 1);
      const index = ((row[Math.floor(x / perByte)] ?? 0) >> shift) & (2 ** bits - 1);
      source = palette;
      at = index * paletteStep;
    }
    out[3 * x] = source[at + 2] ?? 0;
    out[3 * x + 1] = source[at + 1] ?? 0;
    out[3 * x + 2] = source[at] ?? 0;
  }
}

function unreadable(why: string): AppError {
  return new AppError("BAD_INPUT", `The BMP picture cannot be read: ${why}. Convert it to PNG.`);
}
