import { blur } from "./blur.ts";
import type { Light } from "./light.ts";
import { clamp01 } from "./numbers.ts";
import type { Surface } from "./surface.ts";

const MARCH_STEPS = 16;
/** First step and growth reach 0.35 to about 15 units: the tallest part here is 9 high. */
const FIRST_STEP = 0.35;
const STEP_GROWTH = 1.285;

/**
 * Share of the main lamp that each pixel sees, 0 to 1, by marching the height field.
 *
 * A blocker that rises `excess` over the ray after `travel` units hides excess / (softness ·
 * travel) of an extended lamp, the usual penumbra estimate for distance fields.
 */
export function castShadows(surface: Surface, light: Light): Float32Array {
  const { size, step, height } = surface;
  const flat = Math.hypot(light.x, light.y);
  const rise = light.z / flat;
  const spread = 0.06 + 0.5 * light.softness;
  const offsets: { index: { dx: number; dy: number }; travel: number }[] = [];
  for (let k = 0, travel = FIRST_STEP; k < MARCH_STEPS; k++, travel *= STEP_GROWTH) {
    const dx = Math.round((travel * light.x) / flat / step);
    const dy = Math.round((travel * light.y) / flat / step);
    offsets.push({ index: { dx, dy }, travel });
  }

  const seen = new Float32Array(size * size).fill(1);
  for (const { index, travel } of offsets) {
    const lift = rise * travel;
    const share = 1 / (spread * travel);
    const top = Math.max(0, -index.dy);
    const bottom = Math.min(size, size - index.dy);
    const left = Math.max(0, -index.dx);
    const right = Math.min(size, size - index.dx);
    const jump = index.dy * size + index.dx;
    for (let row = top; row < bottom; row++) {
      for (let i = row * size + left; i < row * size + right; i++) {
        const excess = (height[i + jump] ?? 0) - (height[i] ?? 0) - lift;
        if (excess <= 0) continue;
        const open = 1 - excess * share;
        if (open < (seen[i] ?? 0)) seen[i] = open < 0 ? 0 : open;
      }
    }
  }
  return blur(seen, size, (0.25 + 0.5 * light.softness) / step);
}

/**
 * Share of the ambient light that each pixel sees, 0 to 1: how far it lies below its
 * neighbourhood, at a narrow and at a wide scale.
 */
export function occludeAmbient(surface: Surface): Float32Array {
  const { size, step, height } = surface;
  const narrow = blur(height, size, 0.7 / step);
  const wide = blur(height, size, 3 / step);
  return Float32Array.from(height, (own, i) => {
    const near = Math.max(0, (narrow[i] ?? 0) - own) * 0.9;
    const far = Math.max(0, (wide[i] ?? 0) - own) * 0.4;
    return clamp01(1 / (1 + near + far));
  });
}
