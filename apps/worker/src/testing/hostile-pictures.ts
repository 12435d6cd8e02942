import { crc32, deflateSync } from "node:zlib";

import sharp from "sharp";

import { drawPart } from "./draw-part.ts";

/** Pictures that lie, are broken or are meant to cost memory, by what is wrong with them. */
export async function hostilePictures(): Promise<ReadonlyMap<string, Buffer>> {
  const honest = await drawPart({ seed: 1, size: 96 });
  const jpeg = await sharp(honest).jpeg().toBuffer();
  const webp = await sharp(honest).webp().toBuffer();
  const tiff = await sharp(honest).tiff().toBuffer();
  const half = (bytes: Buffer) => bytes.subarray(0, bytes.length >> 1);
  return new Map([
    ["a PNG that states 60000 × 60000", png(60_000, 60_000, Buffer.alloc(100))],
    ["a PNG that states no height", png(64, 0, Buffer.alloc(100))],
    ["a PNG with fewer rows than stated", png(2000, 2000, Buffer.alloc(5000))],
    ["a PNG whose rows unpack to far more", png(8, 8, Buffer.alloc(20 * 1024 ** 2))],
    ["a PNG of 9000 × 9000 in 80 KB", png(9000, 9000, Buffer.alloc(9000 * 9001))],
    ["a PNG cut in half", half(honest)],
    ["a JPEG cut in half", half(jpeg)],
    ["a JPEG with a flipped middle", flipMiddle(jpeg)],
    ["a WebP cut in half", half(webp)],
    ["a TIFF cut in half", half(tiff)],
    ["a TIFF whose directory follows itself", loopingTiff()],
    ["a TIFF whose strips lie outside", strayTiff(tiff)],
    ["a BMP of a billion rows", hugeBmp()],
    ["the head of a PNG alone", honest.subarray(0, 8)],
  ]);
}

/** A grey PNG whose rows are whatever bytes are given. */
function png(width: number, height: number, rows: Buffer): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.writeUInt8(8, 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

function flipMiddle(bytes: Buffer): Buffer {
  const flipped = Buffer.from(bytes);
  const middle = flipped.length >> 1;
  for (let at = middle; at < middle + 40; at++) flipped[at] = (flipped[at] ?? 0) ^ 0xff;
  return flipped;
}

function loopingTiff(): Buffer {
  const bytes = Buffer.alloc(8 + 2 + 12 + 4);
  bytes.write("II", 0);
  bytes.writeUInt16LE(42, 2);
  bytes.writeUInt32LE(8, 4);
  bytes.writeUInt16LE(1, 8);
  bytes.writeUInt16LE(256, 10);
  bytes.writeUInt16LE(3, 12);
  bytes.writeUInt32LE(1, 14);
  bytes.writeUInt32LE(64, 18);
  bytes.writeUInt32LE(8, 22);
  return bytes;
}

/** Every offset of the picture's strips points behind the file. */
function strayTiff(tiff: Buffer): Buffer {
  const bytes = Buffer.from(tiff);
  const directoryAt = bytes.readUInt32LE(4);
  const entries = bytes.readUInt16LE(directoryAt);
  for (let i = 0; i < entries; i++) {
    const at = directoryAt + 2 + 12 * i;
    if (bytes.readUInt16LE(at) === 273) bytes.writeUInt32LE(0x7fffffff, at + 8);
  }
  return bytes;
}

function hugeBmp(): Buffer {
  const bytes = Buffer.alloc(54 + 64);
  bytes.write("BM", 0);
  bytes.writeUInt32LE(bytes.length, 2);
  bytes.writeUInt32LE(54, 10);
  bytes.writeUInt32LE(40, 14);
  bytes.writeInt32LE(4, 18);
  bytes.writeInt32LE(1_000_000_000, 22);
  bytes.writeUInt16LE(1, 26);
  bytes.writeUInt16LE(24, 28);
  return bytes;
}
