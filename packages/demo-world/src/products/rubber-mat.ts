import { fractal } from "../engine/noise.ts";
import { FRAME, type Surface } from "../engine/surface.ts";
import type { Streams } from "../product.ts";

/** Factors on the grey of each channel. */
type Tint = { readonly red: number; readonly green: number; readonly blue: number };

const BLACK: Tint = { red: 1, green: 1, blue: 1.04 };
/** The blue mats of electronics benches, which lead charges away. */
export const BENCH_BLUE: Tint = { red: 0.9, green: 2.2, blue: 3.9 };

/** Fine-grained rubber with a little dust, in the frame's own axes. */
export function rubberMat(surface: Surface, streams: Streams, tint: Tint = BLACK): void {
  const noise = streams.noise("mat");
  const { size, step } = surface;
  const random = streams.random("mat place");
  const offset = 60 * random.uniform();
  const dusty = 0.4 + 0.6 * random.uniform();
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const i = row * size + column;
      const x = (column + 0.5) * step - FRAME / 2 + offset;
      const y = (row + 0.5) * step - FRAME / 2 + offset;
      const cloud = fractal(noise, x * 0.04, y * 0.04);
      const grain = noise(x * 1.9, y * 1.9);
      const dust = Math.max(0, noise(x * 1.1 + 80, y * 1.1) - 0.62) * dusty;
      const grey = 0.034 + 0.008 * cloud + 0.006 * grain + 0.12 * dust;
      surface.red[i] = tint.red * grey;
      surface.green[i] = tint.green * grey;
      surface.blue[i] = tint.blue * grey;
      surface.roughness[i] = 0.72;
      surface.metal[i] = 0;
      surface.height[i] = 0;
      surface.tiltX[i] = 0.05 * grain;
      surface.tiltY[i] = 0.05 * noise(x * 1.9 + 31, y * 1.9);
    }
  }
}
