import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import sharp from "sharp";

import { createRandom, mixSeed } from "../src/tensor/index.ts";

const SIDE = 48;

/** A striped square with a little noise; a defect is a bright disc. */
function paint(seed: number, defect: { x: number; y: number } | null): Buffer {
  const random = createRandom(mixSeed("picture", seed));
  const pixels = Buffer.alloc(3 * SIDE * SIDE);
  for (let i = 0; i < SIDE * SIDE; i++) {
    const x = i % SIDE;
    const y = Math.floor(i / SIDE);
    const stripe = Math.floor((x + y) / 6) % 2 === 0 ? 70 : 130;
    const isDefect = defect !== null && (x - defect.x) ** 2 + (y - defect.y) ** 2 < 36;
    const value = (isDefect ? 250 : stripe) + random.integer(20) - 10;
    pixels.fill(Math.min(255, Math.max(0, value)), 3 * i, 3 * i + 3);
  }
  return pixels;
}

async function save(path: string, data: Buffer, channels: 1 | 3): Promise<void> {
  await mkdir(join(path, ".."), { recursive: true });
  const image = sharp(data, { raw: { width: SIDE, height: SIDE, channels } });
  await (channels === 1 ? image.toColourspace("b-w") : image).png().toFile(path);
}

/**
 * A small made-up category in MVTec layout: striped squares, some with a bright disc and its mask.
 *
 * @param root the category's folder
 */
export async function writeDataset(
  root: string,
  counts: { train: number; good: number; defective: number },
): Promise<void> {
  const name = (index: number): string => `${String(index).padStart(3, "0")}.png`;
  for (let i = 0; i < counts.train; i++) {
    await save(join(root, "train", "good", name(i)), paint(i, null), 3);
  }
  for (let i = 0; i < counts.good; i++) {
    await save(join(root, "test", "good", name(i)), paint(1000 + i, null), 3);
  }
  for (let i = 0; i < counts.defective; i++) {
    const defect = { x: 12 + ((7 * i) % 24), y: 12 + ((11 * i) % 24) };
    await save(join(root, "test", "disc", name(i)), paint(2000 + i, defect), 3);
    const mask = Buffer.from(
      Array.from({ length: SIDE * SIDE }, (_, p) => {
        const [dx, dy] = [(p % SIDE) - defect.x, Math.floor(p / SIDE) - defect.y];
        return dx ** 2 + dy ** 2 < 36 ? 255 : 0;
      }),
    );
    await save(join(root, "ground_truth", "disc", `${name(i).slice(0, 3)}_mask.png`), mask, 1);
  }
}
