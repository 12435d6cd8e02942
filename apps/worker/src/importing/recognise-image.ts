import { recogniseCameraFormat, type CameraFormat } from "@loupe/platform";

/** Formats that browsers show and that training reads, by the bytes that they begin with. */
export type ImageFormat = "png" | "jpeg" | "webp";

/** What the first bytes of a file say about it. */
export type Recognised =
  | { readonly kind: "image"; readonly format: ImageFormat }
  /** A picture that is kept as PNG, since browsers don't show it. */
  | { readonly kind: "camera-picture"; readonly format: CameraFormat }
  /** A picture of a format that we don't take. */
  | { readonly kind: "other-picture"; readonly name: string }
  | { readonly kind: "not-a-picture" };

/** Beginnings of pictures that we don't take, as Latin-1 text; `?` stands for any byte. */
const OTHER_PICTURES: readonly (readonly [name: string, ...beginnings: string[]])[] = [
  ["GIF", "GIF8"],
  ["BigTIFF", "II+\0", "MM\0+"],
  ["AVIF or HEIC", "????ftypavi", "????ftyphei", "????ftyphev", "????ftypmi", "????ftypmsf"],
  ["JPEG XL", "\xff\n", "\0\0\0\fJXL "],
  ["JPEG 2000", "\0\0\0\fjP  ", "\xffO\xffQ"],
  ["Photoshop", "8BPS"],
];
/** Text that browsers run as a document: never stored, never served. */
const SVG = /^\s*<(?:\?xml|!--|svg|!doctype svg)/iu;

/** Tell a picture's format by its content; names and endings are not asked. */
export function recogniseImage(head: Uint8Array): Recognised {
  const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString("latin1");
  if (text.startsWith("\x89PNG\r\n\x1a\n")) return { kind: "image", format: "png" };
  if (text.startsWith("\xff\xd8\xff")) return { kind: "image", format: "jpeg" };
  if (text.startsWith("RIFF") && text.slice(8, 12) === "WEBP") {
    return { kind: "image", format: "webp" };
  }
  const camera = recogniseCameraFormat(head);
  if (camera !== null) return { kind: "camera-picture", format: camera };
  if (SVG.test(text.replace(UTF8_BYTE_ORDER_MARK, "")))
    return { kind: "other-picture", name: "SVG" };
  for (const [name, ...beginnings] of OTHER_PICTURES) {
    if (beginnings.some((beginning) => beginsWith(text, beginning))) {
      return { kind: "other-picture", name };
    }
  }
  return { kind: "not-a-picture" };
}

const UTF8_BYTE_ORDER_MARK = "\xef\xbb\xbf";

function beginsWith(text: string, pattern: string): boolean {
  return (
    text.length >= pattern.length &&
    [...pattern].every((character, index) => character === "?" || character === text[index])
  );
}
