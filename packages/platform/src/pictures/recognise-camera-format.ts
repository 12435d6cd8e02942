/** Formats that cameras and frame grabbers write and that browsers do not show. */
export type CameraFormat = "tiff" | "bmp";

const TIFF_BEGINNINGS = ["II*\0", "MM\0*"];
/** Sizes of the headers that follow a BMP's first 14 bytes, as far as they are in use. */
const BMP_HEADER_BYTES = [12, 40, 52, 56, 108, 124];
const BMP_HEADER_AT = 14;

/** Tell a camera's format by a file's first bytes; null for every other kind of file. */
export function recogniseCameraFormat(head: Uint8Array): CameraFormat | null {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  if (TIFF_BEGINNINGS.includes(bytes.subarray(0, 4).toString("latin1"))) return "tiff";
  const isBmp =
    bytes.length >= BMP_HEADER_AT + 4 &&
    bytes.subarray(0, 2).toString("latin1") === "BM" &&
    // "BM" alone begins many a text.
    BMP_HEADER_BYTES.includes(bytes.readUInt32LE(BMP_HEADER_AT));
  return isBmp ? "bmp" : null;
}
