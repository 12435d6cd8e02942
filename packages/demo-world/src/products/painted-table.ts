import { fractal } from "../engine/noise.ts";
import { FRAME, type Surface } from "../engine/surface.ts";
import type { Streams } from "../product.ts";

/** Powder-coated light grey sheet with the orange peel and scuffs of use, in the frame's axes. */
export function paintedTable(surface: Surface, streams: Streams): void {
  const noise = streams.noise("table");
  const { size, step } = surface;
  const random = streams.random("table place");
  const offset = 60 * random.uniform();
  const grey = 0.4 + 0.04 * random.uniform();
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const i = row * size + column;
      const x = (column + 0.5) * step - FRAME / 2 + offset;
      const y = (row + 0.5) * step - FRAME / 2 + offset;
      const cloud = fractal(noise, x * 0.03, y * 0.03);
      const peelX = noise(x * 1.2, y * 1.2);
      const peelY = noise(x * 1.2 + 57, y * 1.2 + 13);
      const speck = noise(x * 2.1 + 11, y * 2.1) > 0.86 ? 0.82 : 1;
      const own = grey * (1 + 0.05 * cloud + 0.012 * peelX) * speck;
      surface.red[i] = own;
      surface.green[i] = 1.01 * own;
      surface.blue[i] = 1.0 * own;
      surface.roughness[i] = 0.5;
      surface.metal[i] = 0;
      surface.height[i] = 0;
      surface.tiltX[i] = 0.035 * peelX;
      surface.tiltY[i] = 0.035 * peelY;
    }
  }
}
