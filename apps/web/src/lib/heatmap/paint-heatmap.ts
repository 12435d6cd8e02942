import type { AnomalyMap } from "@loupe/contracts";

import { COLORMAP, COLORMAP_SIZE } from "./colormap.ts";

/** A stated colour scale: scores at and below `min` are clear, at and above `max` brightest. */
export type ScoreScale = { readonly min: number; readonly max: number };

/** Below this share of the scale the picture shines through, more so the lower the score. */
const CLEAR_BELOW = 0.45;

/**
 * Colour an anomaly map on a fixed scale.
 *
 * @returns RGBA bytes, shape [height, width, 4]; the alpha rises with the score, so that the
 *   unremarkable part of the picture stays visible
 */
export function paintHeatmap(map: AnomalyMap, scale: ScoreScale): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(4 * map.values.length);
  const span = scale.max - scale.min;
  for (const [i, value] of map.values.entries()) {
    const share = span > 0 ? Math.min(1, Math.max(0, (value - scale.min) / span)) : 0;
    const level = 3 * Math.round(share * (COLORMAP_SIZE - 1));
    pixels[4 * i] = COLORMAP[level] ?? 0;
    pixels[4 * i + 1] = COLORMAP[level + 1] ?? 0;
    pixels[4 * i + 2] = COLORMAP[level + 2] ?? 0;
    pixels[4 * i + 3] = 255 * Math.min(1, share / CLEAR_BELOW);
  }
  return pixels;
}
