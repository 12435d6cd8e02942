/** The formats that imports and inspections take; every browser shows them. */
export type ImageType = "image/png" | "image/jpeg" | "image/webp";

type Signature = { readonly type: ImageType; readonly offset: number; readonly bytes: number[] };

const SIGNATURES: readonly Signature[] = [
  { type: "image/png", offset: 0, bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  { type: "image/jpeg", offset: 0, bytes: [0xff, 0xd8, 0xff] },
  { type: "image/webp", offset: 8, bytes: [0x57, 0x45, 0x42, 0x50] },
];

/** How many first bytes `sniffImageType` wants. */
export const SNIFF_BYTES = 16;

/** The format that a file's first bytes announce, or null. Names and headers of uploads are not asked. */
export function sniffImageType(head: Uint8Array): ImageType | null {
  const found = SIGNATURES.find(({ offset, bytes }) =>
    bytes.every((byte, i) => head[offset + i] === byte),
  );
  return found?.type ?? null;
}
