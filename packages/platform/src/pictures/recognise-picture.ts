import { fileTypeFromBuffer } from "file-type";

import { recogniseCameraFormat, type CameraFormat } from "./recognise-camera-format.ts";

/** Formats that browsers show and that training reads. */
export type PictureFormat = "png" | "jpeg" | "webp";

/** What the first bytes of a file say about it. */
export type Recognised =
  | { readonly kind: "image"; readonly format: PictureFormat }
  /** A picture that is kept as PNG, since browsers don't show it. */
  | { readonly kind: "camera-picture"; readonly format: CameraFormat }
  /** A picture of a format that we don't take. */
  | { readonly kind: "other-picture"; readonly name: string }
  | { readonly kind: "not-a-picture" };

/** How many first bytes of a file are wanted. */
export const PICTURE_HEAD_BYTES = 64;

/** BigTIFF, which the library takes for a TIFF. */
const BIG_TIFF = ["II+\0", "MM\0+"];
/** Text that browsers run as a document: never stored, never served. */
const SVG = /^\s*<(?:\?xml|!--|svg|!doctype svg)/iu;
const UTF8_BYTE_ORDER_MARK = "\xef\xbb\xbf";
/** What people call a format, where its usual ending does not say it. */
const NAMES: Readonly<Record<string, string>> = {
  avif: "AVIF or HEIC",
  heic: "AVIF or HEIC",
  jxl: "JPEG XL",
  jp2: "JPEG 2000",
  j2c: "JPEG 2000",
  psd: "Photoshop",
};

/**
 * Tell a picture's format by its content; names and endings are not asked.
 *
 * The formats that we take are told here, by what their decoders insist on; what else it may be, the
 * library names.
 */
export async function recognisePicture(head: Uint8Array): Promise<Recognised> {
  const format = recogniseBrowserFormat(head);
  if (format !== null) return { kind: "image", format };
  const camera = recogniseCameraFormat(head);
  if (camera !== null) return { kind: "camera-picture", format: camera };
  const text = asText(head);
  if (SVG.test(text.replace(UTF8_BYTE_ORDER_MARK, ""))) {
    return { kind: "other-picture", name: "SVG" };
  }
  if (BIG_TIFF.some((beginning) => text.startsWith(beginning))) {
    return { kind: "other-picture", name: "BigTIFF" };
  }
  const found = await fileTypeFromBuffer(head);
  // "BM" alone begins many a text: what is a BMP has been told above.
  if (found === undefined || !found.mime.startsWith("image/") || found.ext === "bmp") {
    return { kind: "not-a-picture" };
  }
  return { kind: "other-picture", name: NAMES[found.ext] ?? found.ext.toUpperCase() };
}

/** The format of a picture that browsers show, by a file's first bytes; null for every other kind of file. */
export function recogniseBrowserFormat(head: Uint8Array): PictureFormat | null {
  const text = asText(head);
  if (text.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (text.startsWith("\xff\xd8\xff")) return "jpeg";
  return text.startsWith("RIFF") && text.slice(8, 12) === "WEBP" ? "webp" : null;
}

function asText(head: Uint8Array): string {
  return Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString("latin1");
}
