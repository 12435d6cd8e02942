import { fractal } from "../engine/noise.ts";
import { between } from "../engine/numbers.ts";
import { FRAME, type Surface } from "../engine/surface.ts";
import type { Streams } from "../product.ts";

/** Width of a slat in units; the belt runs along x. */
const SLAT = 46;

/** Stainless slat chain, worn along its run, with the gaps wherever the belt stopped. */
export function steelBelt(surface: Surface, streams: Streams): void {
  const noise = streams.noise("belt");
  const random = streams.random("belt place");
  const { size, step } = surface;
  const phase = between(random, 0, SLAT);
  const worn = between(random, 0.8, 1.2);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const i = row * size + column;
      const x = (column + 0.5) * step - FRAME / 2;
      const y = (row + 0.5) * step - FRAME / 2;
      const slat = (((x + phase) % SLAT) + SLAT) % SLAT;
      const fromGap = Math.min(slat, SLAT - slat);
      const gap = Math.exp(-((fromGap / 0.55) ** 4));
      const scuff = noise(x * 0.03, y * 1.7) * 0.6 + noise(x * 0.09 + 30, y * 3.9) * 0.4;
      const cloud = fractal(noise, x * 0.04 + 70, y * 0.04);
      const grey = (0.36 + 0.045 * cloud + 0.025 * scuff) * (1 - 0.93 * gap);
      surface.red[i] = grey;
      surface.green[i] = 0.99 * grey;
      surface.blue[i] = 0.97 * grey;
      surface.roughness[i] = 0.5 + 0.06 * cloud;
      surface.metal[i] = 1 - 0.7 * gap;
      surface.height[i] = -1.4 * gap;
      surface.tiltX[i] = 0.01 * scuff;
      surface.tiltY[i] = 0.07 * worn * scuff;
    }
  }
}
