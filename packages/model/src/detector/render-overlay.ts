import sharp from "sharp";

import type { AnomalyMap } from "../data/anomaly-map.ts";
import type { ScoreScale } from "../train/train-events.ts";
import { COLORMAP, COLORMAP_SIZE } from "./colormap.ts";

/** Below this share of the scale the picture shines through, more so the lower the score. */
const CLEAR_BELOW = 0.45;
/** How much of the picture the strongest anomaly hides. */
const OPACITY = 0.75;

/** RGBA bytes of a map on a fixed scale, shape [height, width, 4]. */
function heatmap({ values }: AnomalyMap, { min, max }: ScoreScale): Uint8Array {
  const pixels = new Uint8Array(4 * values.length);
  for (const [i, value] of values.entries()) {
    const share = max > min ? Math.min(1, Math.max(0, (value - min) / (max - min))) : 0;
    const level = 3 * Math.round(share * (COLORMAP_SIZE - 1));
    pixels.set(COLORMAP.subarray(level, level + 3), 4 * i);
    pixels[4 * i + 3] = Math.round(255 * OPACITY * Math.min(1, share / CLEAR_BELOW));
  }
  return pixels;
}

/** Draw an anomaly map over its picture, at the picture's own size, as a PNG file. */
export async function renderOverlay({
  imagePath,
  map,
  scale,
  outPng,
}: {
  imagePath: string;
  map: AnomalyMap;
  scale: ScoreScale;
  outPng: string;
}): Promise<void> {
  const { data, info } = await sharp(imagePath, { autoOrient: true })
    .flatten({ background: "#000" })
    .toColourspace("srgb")
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const raw = { width: map.width, height: map.height, channels: 4 as const };
  const heat = await sharp(heatmap(map, scale), { raw })
    .resize(width, height, { fit: "fill", kernel: "linear" })
    .raw()
    .toBuffer();
  await sharp(data, { raw: { width, height, channels } })
    .composite([{ input: heat, raw: { width, height, channels: 4 } }])
    .png()
    .toFile(outPng);
}
