import sharp from "sharp";

export type PartDrawing = {
  readonly size?: number;
  /** Every seed gives other noise, so other bytes. */
  readonly seed: number;
  /** A dark square defect, in pixels. */
  readonly defect?: { readonly x: number; readonly y: number; readonly side: number };
};

const SIZE = 48;

/** A grey, noisy, round part as PNG; the same drawing gives the same bytes. */
export async function drawPart({ size = SIZE, seed, defect }: PartDrawing): Promise<Buffer> {
  const random = randomFrom(seed);
  const pixels = new Uint8Array(size * size * 3);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const isPart = Math.hypot(x - size / 2, y - size / 2) < size * 0.35;
      const isDefect =
        defect !== undefined &&
        x >= defect.x &&
        x < defect.x + defect.side &&
        y >= defect.y &&
        y < defect.y + defect.side;
      const base = isDefect ? 20 : isPart ? 190 : 90;
      pixels.fill(Math.round(base + 12 * random()), 3 * (y * size + x), 3 * (y * size + x) + 3);
    }
  }
  return sharp(pixels, { raw: { width: size, height: size, channels: 3 } })
    .png()
    .toBuffer();
}

/** The mask of a drawing's defect as 8-bit PNG. */
export async function drawMask({ size = SIZE, defect }: PartDrawing): Promise<Buffer> {
  const pixels = new Uint8Array(size * size);
  for (let i = 0; defect !== undefined && i < defect.side ** 2; i++) {
    const x = defect.x + (i % defect.side);
    const y = defect.y + Math.floor(i / defect.side);
    pixels[y * size + x] = 255;
  }
  return sharp(pixels, { raw: { width: size, height: size, channels: 1 } })
    .png()
    .toBuffer();
}

function randomFrom(seed: number): () => number {
  let state = (seed * 2654435761 + 1) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
