import type { AnomalyMap } from "@loupe/contracts";

/** The score of the map under a point given in shares of the picture, or null outside of it. */
export function scoreAt(map: AnomalyMap, shareX: number, shareY: number): number | null {
  if (shareX < 0 || shareY < 0 || shareX >= 1 || shareY >= 1) return null;
  const column = Math.floor(shareX * map.width);
  const row = Math.floor(shareY * map.height);
  return map.values[row * map.width + column] ?? null;
}

/** Largest and smallest score of several maps; null without any. */
export function scoreRange(maps: readonly AnomalyMap[]): { min: number; max: number } | null {
  let min = Infinity;
  let max = -Infinity;
  for (const map of maps) {
    for (const value of map.values) {
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  return min <= max ? { min, max } : null;
}

/**
 * A scale from the median to the largest score of several maps, on which the ordinary half of all
 * pixels stays clear; null without any.
 */
export function upperHalfScale(maps: readonly AnomalyMap[]): { min: number; max: number } | null {
  const total = maps.reduce((sum, map) => sum + map.values.length, 0);
  if (total === 0) return null;
  const all = new Float32Array(total);
  let at = 0;
  for (const map of maps) {
    all.set(map.values, at);
    at += map.values.length;
  }
  all.sort();
  return { min: all[Math.floor(total / 2)] ?? 0, max: all[total - 1] ?? 0 };
}
