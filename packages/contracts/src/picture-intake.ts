/** @file What every door that takes pictures says about one that it does not take. */

const TAKEN = "PNG, JPEG, WebP, TIFF or BMP";

type PixelSize = { readonly width: number; readonly height: number };

/** The sentences that an import's report and an inspection's list of refused files share. */
export const PICTURE_REFUSALS = {
  notAPicture: (): string => `Expected a ${TAKEN} picture, got another kind of file.`,
  otherFormat: (name: string): string =>
    `Expected a ${TAKEN} picture, got ${name}. Convert it to PNG.`,
  tooManyPixels: ({ width, height }: PixelSize, limit: number): string =>
    `Expected at most ${limit} pixels, got ${width} × ${height}. Scale it down.`,
  animation: (): string => "Expected a single picture, got an animation.",
  /** @param cause what the decoder says */
  damaged: (cause: string): string => `The picture cannot be decoded (${cause}).`,
} as const;

/** What a decoder says, as a part of a sentence. */
export function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return (error.message.split("\n")[0] ?? error.message).trim().replace(/\.$/u, "");
}
