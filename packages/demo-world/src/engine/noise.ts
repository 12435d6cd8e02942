import type { Random } from "@loupe/model/random";

/** A smooth random field over the plane, about −1 to 1, one feature a unit. */
export type Noise = (x: number, y: number) => number;

const TABLE = 256;

/**
 * Gradient noise (Perlin 2002: quintic fade) with gradients drawn from `random`.
 *
 * Repeats every 256 units, which no texture here shows twice in a frame.
 */
export function createNoise(random: Random): Noise {
  const gradientX = new Float32Array(2 * TABLE);
  const gradientY = new Float32Array(2 * TABLE);
  const shuffle = Uint8Array.from({ length: TABLE }, (_, i) => i);
  for (let i = 0; i < TABLE; i++) {
    const angle = 2 * Math.PI * random.uniform();
    gradientX[i] = gradientX[i + TABLE] = 1.5 * Math.cos(angle);
    gradientY[i] = gradientY[i + TABLE] = 1.5 * Math.sin(angle);
    const other = random.integer(i + 1);
    const held = shuffle[other] ?? 0;
    shuffle[other] = shuffle[i] ?? 0;
    shuffle[i] = held;
  }
  const corner = (hash: number, dx: number, dy: number): number =>
    (gradientX[hash] ?? 0) * dx + (gradientY[hash] ?? 0) * dy;

  return (x, y) => {
    const column = Math.floor(x);
    const row = Math.floor(y);
    const dx = x - column;
    const dy = y - row;
    const left = shuffle[column & 255] ?? 0;
    const right = shuffle[(column + 1) & 255] ?? 0;
    const fadeX = dx * dx * dx * (dx * (dx * 6 - 15) + 10);
    const fadeY = dy * dy * dy * (dy * (dy * 6 - 15) + 10);
    const top = row & 255;
    const bottom = (row + 1) & 255;
    const a = corner(shuffle[(left + top) & 255] ?? 0, dx, dy);
    const b = corner(shuffle[(right + top) & 255] ?? 0, dx - 1, dy);
    const c = corner(shuffle[(left + bottom) & 255] ?? 0, dx, dy - 1);
    const d = corner(shuffle[(right + bottom) & 255] ?? 0, dx - 1, dy - 1);
    const upper = a + (b - a) * fadeX;
    return upper + (c + (d - c) * fadeX - upper) * fadeY;
  };
}

/** Fractal sum of three octaves (weights 4 : 2 : 1), about −1 to 1. */
export function fractal(noise: Noise, x: number, y: number): number {
  return (
    0.57 * noise(x, y) +
    0.285 * noise(2 * x + 17.3, 2 * y - 5.1) +
    0.143 * noise(4 * x - 9.7, 4 * y + 31.9)
  );
}
