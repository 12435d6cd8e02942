import { input, max, mul, reduceMax, reduceSum, square, sub } from "../../graph/index.ts";
import { createRandom, float32, type Tensor } from "../../tensor/index.ts";
import type { GraphRunner, OpenGraph } from "../method.ts";
import { closeness, pairwiseSquaredDistances } from "./nearest-distance.ts";

/** Points a matrix product takes at once: 8 MiB of 128 channels. */
const POINTS_AT_ONCE = 16_384;
/** Centres a matrix product takes at once. */
const CENTRES_AT_ONCE = 256;
/** Farthest points among which the next centres are sought: their mutual distances take 16 MiB. */
const CANDIDATES = 2048;

export type CoresetRequest = {
  /** Row by row, [count, width]. */
  readonly points: Float32Array;
  readonly width: number;
  /** Points to choose, at most all. */
  readonly size: number;
  /** Parts into which the choice is cut; one message each. */
  readonly rounds: number;
  readonly seed: number;
  readonly signal: AbortSignal;
};

export type CoresetProgress = {
  readonly chosen: number;
  /** Largest distance of a point to the chosen one nearest to it. */
  readonly radius: number;
};

/** Points by their place, with how far each is from what is chosen. */
type Cover = {
  readonly points: Float32Array;
  readonly width: number;
  /** Squared distance of each point to the nearest chosen one; 0 when it is chosen itself. */
  readonly distances: Float32Array;
};

type Graphs = { readonly update: OpenGraph; readonly mutual: OpenGraph };

function floats(outputs: Readonly<Record<string, Tensor>>, name: string): Float32Array {
  const data = outputs[name]?.data;
  if (!(data instanceof Float32Array)) throw new Error(`Expected the floats of ${name}, got none.`);
  return data;
}

/** The rows at `places`, then the first of them again until there are `count`. */
function rowsAt({ points, width }: Cover, places: readonly number[], count: number): Tensor {
  const rows = new Float32Array(count * width);
  for (let row = 0; row < count; row++) {
    const from = (places[row] ?? places[0] ?? 0) * width;
    rows.set(points.subarray(from, from + width), row * width);
  }
  return float32([count, width], rows);
}

async function openGraphs(runner: GraphRunner, width: number, sizes: Sizes): Promise<Graphs> {
  const points = input("points", [sizes.points, width]);
  const centres = input("centres", [sizes.centres, width]);
  const best = reduceMax(closeness(points, centres), { axes: [1] });
  const nearest = max(sub(reduceSum(square(points), { axes: [1] }), mul(best, 2)), 0);
  const candidates = input("candidates", [sizes.candidates, width]);
  const between = pairwiseSquaredDistances(candidates, candidates);
  const update = await runner.open({ nearest });
  try {
    return { update, mutual: await runner.open({ between }) };
  } catch (error) {
    await update.close();
    throw error;
  }
}

type Sizes = { readonly points: number; readonly centres: number; readonly candidates: number };

function sizesFor({ points, width, size }: CoresetRequest): Sizes {
  const count = points.length / width;
  return {
    points: Math.min(count, POINTS_AT_ONCE),
    centres: Math.min(size, CENTRES_AT_ONCE),
    candidates: Math.min(count, CANDIDATES),
  };
}

/** Bring every distance up to date with newly chosen centres. */
async function cover(
  { update }: Graphs,
  state: Cover,
  { centres, sizes }: { centres: readonly number[]; sizes: Sizes },
): Promise<void> {
  const { points, width, distances } = state;
  const rows = rowsAt(state, centres, sizes.centres);
  for (let start = 0; start < distances.length; start += sizes.points) {
    // The last part reaches back, so that every part has the size that the graph is built for.
    const from = Math.max(0, Math.min(start, distances.length - sizes.points));
    const part = points.subarray(from * width, (from + sizes.points) * width);
    const feeds = { points: float32([sizes.points, width], part.slice()), centres: rows };
    const nearest = floats(await update.run(feeds), "nearest");
    for (let i = 0; i < nearest.length; i++) {
      const known = distances[from + i] ?? 0;
      const now = nearest[i] ?? 0;
      if (now < known) distances[from + i] = now;
    }
  }
  // Rounding leaves a centre a little away from itself.
  for (const centre of centres) distances[centre] = 0;
}

/** The `count` farthest points, and the largest distance among the others (−1 without others). */
function farthest(distances: Float32Array, count: number): { places: number[]; bound: number } {
  const sorted = distances.slice().sort();
  const cut = sorted.length - count;
  const threshold = sorted[cut] ?? 0;
  const bound = cut === 0 ? -1 : (sorted[cut - 1] ?? -1);
  const places: number[] = [];
  const level: number[] = [];
  for (let place = 0; place < distances.length; place++) {
    const distance = distances[place] ?? 0;
    if (distance > threshold) places.push(place);
    else if (distance === threshold) level.push(place);
  }
  return { places: [...places, ...level.slice(0, count - places.length)], bound };
}

function largestPlace(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if ((values[i] ?? 0) > (values[best] ?? 0)) best = i;
  return best;
}

/**
 * The next centres, in order, as far as they can be known from the farthest points alone.
 *
 * Distances only shrink. While the farthest candidate is still as far as the farthest point that
 * is no candidate was before, it is the farthest of all.
 */
async function nextCentres(
  { mutual }: Graphs,
  { state, sizes }: { state: Cover; sizes: Sizes },
  wanted: number,
): Promise<number[]> {
  const { places, bound } = farthest(state.distances, sizes.candidates);
  const feeds = { candidates: rowsAt(state, places, sizes.candidates) };
  const between = floats(await mutual.run(feeds), "between");
  const left = Float32Array.from(places, (place) => state.distances[place] ?? 0);
  const centres: number[] = [];
  while (centres.length < Math.min(wanted, sizes.centres)) {
    const best = largestPlace(left);
    const distance = left[best] ?? 0;
    if (distance <= 0 || (centres.length > 0 && distance < bound)) break;
    centres.push(places[best] ?? 0);
    const row = between.subarray(best * sizes.candidates, (best + 1) * sizes.candidates);
    for (let i = 0; i < left.length; i++) left[i] = Math.min(left[i] ?? 0, row[i] ?? 0);
    left[best] = 0;
  }
  return centres;
}

function radiusOf(distances: Float32Array): number {
  return Math.sqrt(distances.reduce((largest, distance) => Math.max(largest, distance), 0));
}

/**
 * A small set of points that covers all others: greedy k-center (Gonzalez 1985).
 *
 * From a first point that the seed draws, each next one is the point farthest from all chosen
 * before it; the radius is at most twice the smallest that any set of that size has. The order is
 * that of the plain algorithm, but found with large matrix products: see `nextCentres`. Ends
 * early once every point is equal to a chosen one.
 *
 * @returns places of the chosen points, in the order of their choice
 */
export async function* selectCoreset(
  request: CoresetRequest,
  runner: GraphRunner,
): AsyncGenerator<CoresetProgress, number[], void> {
  const { points, width, size, rounds, seed, signal } = request;
  const count = points.length / width;
  const sizes = sizesFor(request);
  const state = { points, width, distances: new Float32Array(count).fill(Infinity) };
  const graphs = await openGraphs(runner, width, sizes);
  try {
    const chosen = [createRandom(seed).integer(count)];
    await cover(graphs, state, { centres: chosen, sizes });
    let isCovered = false;
    for (let round = 1; round <= rounds; round++) {
      const target = Math.ceil((size * round) / rounds);
      while (chosen.length < target && !isCovered) {
        signal.throwIfAborted();
        const centres = await nextCentres(graphs, { state, sizes }, target - chosen.length);
        isCovered = centres.length === 0;
        if (isCovered) break;
        chosen.push(...centres);
        await cover(graphs, state, { centres, sizes });
      }
      yield { chosen: chosen.length, radius: radiusOf(state.distances) };
    }
    return chosen;
  } finally {
    await graphs.update.close();
    await graphs.mutual.close();
  }
}
