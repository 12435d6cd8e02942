import { createRandom, type Random } from "../tensor/index.ts";

/** A surface without objects: a height for every pixel, about 0 … 1. */
type Surface = (x: number, y: number) => number;

/** Smooth noise between the points of a seeded lattice, 0 … 1. */
function valueNoise(random: Random): Surface {
  const size = 64;
  const lattice = Float32Array.from({ length: size * size }, () => random.uniform());
  const at = (x: number, y: number): number =>
    lattice[(((y % size) + size) % size) * size + (((x % size) + size) % size)] ?? 0;
  const ease = (t: number): number => t * t * (3 - 2 * t);
  return (x, y) => {
    const [left, top] = [Math.floor(x), Math.floor(y)];
    const [u, v] = [ease(x - left), ease(y - top)];
    const upper = at(left, top) * (1 - u) + at(left + 1, top) * u;
    const lower = at(left, top + 1) * (1 - u) + at(left + 1, top + 1) * u;
    return upper * (1 - v) + lower * v;
  };
}

function between(random: Random, low: number, high: number): number {
  return low + (high - low) * random.uniform();
}

/** Noise of several scales, stretched along one direction: stone, leather, brushed metal. */
function grain(random: Random): Surface {
  const noise = valueNoise(random);
  const scale = Math.exp(between(random, Math.log(0.01), Math.log(0.25)));
  const stretch = random.uniform() < 0.4 ? between(random, 4, 20) : 1;
  const octaves = 1 + random.integer(5);
  return (x, y) => {
    let [sum, weight, frequency] = [0, 0, scale];
    for (let octave = 0; octave < octaves; octave++) {
      sum += noise((x * frequency) / stretch, y * frequency + 17 * octave) / (octave + 1);
      weight += 1 / (octave + 1);
      frequency *= 2;
    }
    return sum / weight;
  };
}

/** Threads over and under each other. */
function weave(random: Random): Surface {
  const period = between(random, 5, 36);
  const noise = valueNoise(random);
  return (x, y) => {
    const [u, v] = [x / period, y / period];
    const isOver = (Math.floor(u) + Math.floor(v)) % 2 === 0;
    const along = isOver ? u - Math.floor(u) : v - Math.floor(v);
    return Math.sin(Math.PI * along) * 0.8 + 0.2 * noise(x * 0.7, y * 0.7);
  };
}

/** Dots on a grid that is a little out of true: perforated sheets, speckle, pores. */
function dots(random: Random): Surface {
  const period = between(random, 8, 60);
  const radius = between(random, 0.12, 0.42);
  const jitter = random.uniform() < 0.5 ? 0 : 0.5;
  const noise = valueNoise(random);
  return (x, y) => {
    const [column, row] = [Math.floor(x / period), Math.floor(y / period)];
    const dx = x / period - column - 0.5 - jitter * (noise(column + 0.5, row) - 0.5);
    const dy = y / period - row - 0.5 - jitter * (noise(column, row + 0.5) - 0.5);
    return 1 / (1 + Math.exp((Math.hypot(dx, dy) - radius) * 24));
  };
}

/** Tiles, bricks or boards with joints between them, each of its own grey. */
function tiles(random: Random): Surface {
  const [width, height] = [between(random, 14, 110), between(random, 14, 70)];
  const shift = random.uniform() < 0.5 ? 0.5 : 0;
  const joint = between(random, 0.02, 0.12);
  const noise = valueNoise(random);
  return (x, y) => {
    const row = Math.floor(y / height);
    const u = x / width + shift * row;
    const inside = Math.min(u - Math.floor(u), y / height - row);
    return inside < joint ? 0.1 : 0.4 + 0.5 * noise(Math.floor(u) * 1.7, row * 1.3);
  };
}

const SURFACES = [grain, grain, weave, dots, tiles];

/** Up to three light spots, dark spots or scratches, in parts of the range of brightness, −0.6 … 0.6. */
export function faults(random: Random, size: number): Surface {
  const marks = Array.from({ length: random.integer(4) }, () => ({
    x: random.uniform() * size,
    y: random.uniform() * size,
    angle: random.uniform() * Math.PI,
    length: between(random, 2, size / 4),
    width: between(random, 0.7, 7),
    depth: between(random, -0.6, 0.6),
  }));
  return (x, y) =>
    marks.reduce((sum, mark) => {
      const [dx, dy] = [x - mark.x, y - mark.y];
      const along = dx * Math.cos(mark.angle) + dy * Math.sin(mark.angle);
      const across = dy * Math.cos(mark.angle) - dx * Math.sin(mark.angle);
      const beyond = Math.max(0, Math.abs(along) - mark.length);
      return sum + mark.depth * Math.exp(-(across ** 2 + beyond ** 2) / mark.width ** 2);
    }, 0);
}

/**
 * A made-up surface under uneven light: noise, brushed metal, cloth, perforated sheet, tiles.
 *
 * @returns RGB bytes, shape [size, size, 3]; the same seed gives the same picture
 */
export function proceduralTexture(seed: number, size: number): Uint8Array {
  const random = createRandom(seed);
  const surface = (SURFACES[random.integer(SURFACES.length)] ?? grain)(random);
  const fine = grain(random);
  const marks = faults(random, size);
  const angle = random.uniform() * Math.PI;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const dark = [0, 1, 2].map(() => 120 * random.uniform());
  const light = dark.map((value) => value + between(random, 30, 180));
  const fineShare = 0.3 * random.uniform();
  const slope = between(random, -0.4, 0.4) / size;
  const pixels = new Uint8Array(3 * size * size);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const [u, v] = [cos * x + sin * y + 500, cos * y - sin * x + 500];
      const height = surface(u, v) * (1 - fineShare) + fine(u, v) * fineShare + marks(x, y);
      for (const channel of [0, 1, 2]) {
        const [low = 0, high = 255] = [dark[channel], light[channel]];
        const value = (low + (high - low) * height) * (1 + slope * x);
        pixels[3 * (y * size + x) + channel] = Math.min(255, Math.max(0, Math.round(value)));
      }
    }
  }
  return pixels;
}
