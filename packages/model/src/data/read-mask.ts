import sharp from "sharp";

/**
 * A ground-truth mask at the resolution of an anomaly map.
 *
 * Every non-zero pixel counts as defective before resizing (VisA stores small class indices); the
 * resized mask (bilinear) is cut at one half, as ADer does.
 *
 * @returns 1 where defective, shape [height, width]
 * @throws when the file is missing or no image
 */
export async function readMask(
  path: string,
  { width, height }: { width: number; height: number },
): Promise<Uint8Array> {
  try {
    const source = await sharp(path)
      .flatten({ background: "#000" })
      .toColourspace("b-w")
      .extractChannel(0)
      .threshold(1)
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    const resized = await sharp(source.data, { raw: source.info })
      .resize(width, height, { fit: "fill", kernel: "linear" })
      .extractChannel(0)
      .raw({ depth: "uchar" })
      .toBuffer();
    return Uint8Array.from(resized, (value) => (value > 127 ? 1 : 0));
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new Error(`Expected a readable mask, but ${path} is not one: ${reason}`, {
      cause: error,
    });
  }
}
