import sharp from "sharp";

import { createRandom, mixSeed, type Random } from "../tensor/index.ts";
import { faults, proceduralTexture } from "./procedural-texture.ts";

/** Share of the crops that are made up instead of cut out of a picture. */
const PROCEDURAL_SHARE = 0.25;
/** Smallest side that is cut out; smaller ones are all blur once enlarged. */
const LEAST_SIDE = 112;
/** A crop whose bytes deviate less than this shows nothing to learn from. */
const LEAST_STD = 6;
const ATTEMPTS = 6;

/** RGB bytes of a square, shape [size, size, 3]. */
export type Square = { readonly size: number; readonly pixels: Uint8Array };

async function cutOut(path: string, size: number, random: Random): Promise<Uint8Array> {
  const { width, height } = await sharp(path).metadata();
  const shorter = Math.min(width, height);
  const least = Math.min(LEAST_SIDE, shorter);
  const side = Math.round(least * (shorter / least) ** random.uniform());
  const grey = 255 * random.uniform();
  const region = {
    left: random.integer(width - side + 1),
    top: random.integer(height - side + 1),
    width: side,
    height: side,
  };
  const { data, info } = await sharp(path)
    .extract(region)
    .flatten({ background: { r: grey, g: grey, b: grey } })
    .toColourspace("srgb")
    .resize(size, size, { fit: "fill", kernel: "cubic" })
    .flop(random.uniform() < 0.5)
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`Expected 3 channels in ${path}, got ${info.channels}.`);
  return data;
}

function stdOf(pixels: Uint8Array): number {
  let [sum, squares] = [0, 0];
  for (const value of pixels) {
    sum += value;
    squares += value * value;
  }
  return Math.sqrt(Math.max(0, squares / pixels.length - (sum / pixels.length) ** 2));
}

/** Part of the picture set down at another place: a fault whose edge is all that gives it away. */
function transplant({ size, pixels }: Square, random: Random): void {
  const width = 8 + random.integer(Math.floor(size / 5));
  const height = 8 + random.integer(Math.floor(size / 5));
  const from = { x: random.integer(size - width), y: random.integer(size - height) };
  const to = { x: random.integer(size - width), y: random.integer(size - height) };
  const copy = pixels.slice();
  for (let row = 0; row < height; row++) {
    const start = 3 * ((from.y + row) * size + from.x);
    pixels.set(copy.subarray(start, start + 3 * width), 3 * ((to.y + row) * size + to.x));
  }
}

/** Small faults on whatever the picture shows, so that teachers answer to them. */
function blemish({ size, pixels }: Square, random: Random): void {
  const marks = faults(random, size);
  for (let at = 0; at < size * size; at++) {
    const change = 255 * marks(at % size, Math.floor(at / size));
    for (const channel of [0, 1, 2]) {
      const value = (pixels[3 * at + channel] ?? 0) + change;
      pixels[3 * at + channel] = Math.min(255, Math.max(0, Math.round(value)));
    }
  }
}

/** Another camera: grey or colour, gain, offset, tint and sensor noise. */
function photograph({ size, pixels }: Square, random: Random): void {
  const isGrey = random.uniform() < 0.3;
  const gain = 0.6 + 0.8 * random.uniform();
  const offset = 60 * (random.uniform() - 0.5);
  const tint = [0, 1, 2].map(() => 1 + (isGrey ? 0 : 0.2 * (random.uniform() - 0.5)));
  const noise = random.uniform() < 0.4 ? 10 * random.uniform() : 0;
  for (let at = 0; at < 3 * size * size; at += 3) {
    const [red = 0, green = 0, blue = 0] = pixels.subarray(at, at + 3);
    const grey = 0.299 * red + 0.587 * green + 0.114 * blue;
    const grain = noise === 0 ? 0 : noise * random.normal();
    for (const channel of [0, 1, 2] as const) {
      const value = isGrey ? grey : [red, green, blue][channel];
      const changed = 128 + gain * ((value ?? 0) - 128) * (tint[channel] ?? 1) + offset + grain;
      pixels[at + channel] = Math.min(255, Math.max(0, Math.round(changed)));
    }
  }
}

async function soften(square: Square, sigma: number): Promise<Uint8Array> {
  const { size, pixels } = square;
  return sharp(pixels, { raw: { width: size, height: size, channels: 3 } })
    .blur(sigma)
    .raw()
    .toBuffer();
}

/**
 * The crop of that number: a random square of a random picture, or a made-up surface, changed as
 * another camera, focus and fault would change it.
 *
 * A function of (seed, index) and the corpus alone. A picture that cannot be read, or shows
 * nothing, gives way to another one.
 */
export async function drawCrop(
  corpus: readonly string[],
  { seed, index, size }: { seed: number; index: number; size: number },
): Promise<Square> {
  const random = createRandom(mixSeed(seed, "crop", index));
  let pixels: Uint8Array | null = null;
  if (random.uniform() >= PROCEDURAL_SHARE) {
    for (let attempt = 0; attempt < ATTEMPTS && pixels === null; attempt++) {
      const path = corpus[random.integer(corpus.length)] ?? "";
      const found = await cutOut(path, size, random).catch(() => null);
      if (found !== null && stdOf(found) >= LEAST_STD) pixels = found;
    }
  }
  pixels ??= proceduralTexture(mixSeed(seed, "surface", index), size);
  const square = { size, pixels: Uint8Array.from(pixels) };
  if (random.uniform() < 0.3) transplant(square, random);
  if (random.uniform() < 0.3) blemish(square, random);
  const softened =
    random.uniform() < 0.2
      ? { size, pixels: Uint8Array.from(await soften(square, 0.4 + 1.6 * random.uniform())) }
      : square;
  photograph(softened, random);
  return softened;
}

/** The same picture at another size, shape [to, to, 3]. */
export async function resizeSquare({ size, pixels }: Square, to: number): Promise<Square> {
  if (size === to) return { size, pixels };
  const resized = await sharp(pixels, { raw: { width: size, height: size, channels: 3 } })
    .resize(to, to, { fit: "fill", kernel: "linear", fastShrinkOnLoad: false })
    .raw()
    .toBuffer();
  return { size: to, pixels: Uint8Array.from(resized) };
}
