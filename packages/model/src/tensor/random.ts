import type { Tensor } from "./tensor.ts";
import { tensor } from "./tensor.ts";
import { type Shape, sizeOf } from "./shape.ts";

/** A seeded stream of random bits. Same seed, same stream, on every machine. */
export interface Random {
  /** 32 uniform bits as an unsigned integer. */
  bits(): number;
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** Uniform integer in [0, below). */
  integer(below: number): number;
}

/**
 * Mix any number of words and strings into one 32-bit seed (FNV-1a, then the
 * MurmurHash3 finaliser), so that `mixSeed(seed, step, name)` gives streams that
 * do not depend on the order in which they are asked for.
 */
export function mixSeed(...parts: readonly (number | string)[]): number {
  let hash = 0x811c9dc5;
  for (const part of parts) {
    for (const character of `${part}\u0000`) {
      hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
    }
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** Expand one 32-bit seed into the four words of a generator (SplitMix32). */
function expandSeed(seed: number): [number, number, number, number] {
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x9e3779b9) | 0;
    let word = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
    return word ^ (word >>> 15);
  };
  return [next(), next(), next(), next() | 1];
}

/** The first words still show the seed. */
const SKIPPED = 12;

/** A generator: sfc32 (Doty-Humphrey), period about 2^127, no known failures in PractRand. */
export function createRandom(seed: number): Random {
  let [a, b, c, counter] = expandSeed(seed);
  const bits = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  };
  for (let skip = 0; skip < SKIPPED; skip++) bits();
  const uniform = (): number => bits() / 4294967296;
  return {
    bits,
    uniform,
    // Box–Muller; 1 − u keeps the logarithm finite.
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    integer: (below) => Math.floor(uniform() * below),
  };
}

/** What a random input of a graph is filled with at each step. */
export type Distribution =
  | { readonly kind: "uniform"; readonly low: number; readonly high: number }
  /** Standard deviation 1, mean 0, cut at about ±4.2 (see `normalQuantiles`). */
  | { readonly kind: "normal" }
  /** 1 / keep with probability `keep`, else 0: the factor of inverted dropout. */
  | { readonly kind: "dropout"; readonly keep: number };

/** A sample is one of so many equally likely values, which sixteen random bits pick. */
const LEVELS = 65536;

/** What the sixteen bits stand for: the distribution's mid-point quantiles, in ascending order. */
function quantilesOf(distribution: Distribution): Float32Array {
  switch (distribution.kind) {
    case "uniform": {
      const { low, high } = distribution;
      return Float32Array.from({ length: LEVELS }, (_, index) => {
        return low + ((index + 0.5) / LEVELS) * (high - low);
      });
    }
    case "normal":
      return normalQuantiles();
    case "dropout": {
      const dropped = LEVELS - Math.round(distribution.keep * LEVELS);
      return new Float32Array(LEVELS).fill(1 / distribution.keep, dropped);
    }
  }
}

/** The standard normal's, scaled to unit variance. */
function normalQuantiles(): Float32Array {
  const table = new Float32Array(LEVELS);
  let squares = 0;
  for (let index = 0; index < table.length; index++) {
    table[index] = inverseNormal((index + 0.5) / table.length);
    squares += table[index]! * table[index]!;
  }
  const scale = 1 / Math.sqrt(squares / table.length);
  for (let index = 0; index < table.length; index++) table[index]! *= scale;
  return table;
}

/** The tables of a run's few distributions; a worker that has seen many forgets them. */
const tables = new Map<string, Float32Array>();
const MOST_TABLES = 16;

function tableOf(distribution: Distribution): Float32Array {
  const key = JSON.stringify(distribution);
  const known = tables.get(key);
  if (known !== undefined) return known;
  if (tables.size >= MOST_TABLES) tables.clear();
  const made = quantilesOf(distribution);
  tables.set(key, made);
  return made;
}

/** Φ⁻¹(p) for 0 < p < 1 by Acklam's rational approximation, relative error below 1.2e-9. */
function inverseNormal(p: number): number {
  if (p > 0.5) return -inverseNormal(1 - p);
  if (p < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(p));
    const top =
      ((((-7.784894002430293e-3 * q - 3.223964580411365e-1) * q - 2.400758277161838) * q -
        2.549732539343734) *
        q +
        4.374664141464968) *
        q +
      2.938163982698783;
    const bottom =
      (((7.784695709041462e-3 * q + 3.224671290700398e-1) * q + 2.445134137142996) * q +
        3.754408661907416) *
        q +
      1;
    return top / bottom;
  }
  const q = p - 0.5;
  const r = q * q;
  const top =
    (((((-3.969683028665376e1 * r + 2.209460984245205e2) * r - 2.759285104469687e2) * r +
      1.38357751867269e2) *
      r -
      3.066479806614716e1) *
      r +
      2.506628277459239) *
    q;
  const bottom =
    ((((-5.447609879822406e1 * r + 1.615858368580409e2) * r - 1.556989798598866e2) * r +
      6.680131188771972e1) *
      r -
      1.328068155288572e1) *
      r +
    1;
  return top / bottom;
}

/**
 * A fresh float32 tensor of samples, fully determined by `seed`.
 *
 * A step wants two million of them, on a core that computes at the same time. So each word of the
 * generator gives two, a table does the arithmetic, and the generator's state is in local variables
 * that are set one by one (by a destructuring they would stay boxed): 2 ns a sample, where Box–Muller
 * takes 25.
 */
export function sample(distribution: Distribution, shape: Shape, seed: number): Tensor {
  const table = tableOf(distribution);
  const data = new Float32Array(sizeOf(shape));
  const state = expandSeed(seed);
  let a = state[0];
  let b = state[1];
  let c = state[2];
  let counter = state[3];
  // The first turns give no sample.
  for (let index = -2 * SKIPPED; index < data.length; index += 2) {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    if (index < 0) continue;
    data[index] = table[sum & 0xffff]!;
    if (index + 1 < data.length) data[index + 1] = table[sum >>> 16]!;
  }
  return tensor("float32", shape, data);
}
