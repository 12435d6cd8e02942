import {
  type BankSettings,
  bankMemoryBytes,
  bankSize,
} from "../../catalog/methods/bank/settings.ts";
import { featureParts } from "../../encoders/feature-layout.ts";
import { constantOf, matMul, type Value } from "../../graph/index.ts";
import { createRandom, float32, mixSeed, tensor, type Tensor } from "../../tensor/index.ts";
import type { Feeds, MemoryData, MemoryProgress, MethodContext, OpenGraph } from "../method.ts";
import { patchGraph } from "./patch-graph.ts";
import { selectCoreset } from "./select-coreset.ts";

/** Patches in one array of the bank: what a scoring graph compares at once. */
export const ROWS_A_CHUNK = 8192;

/** Name of the bank's array of that number. */
export function chunkName(index: number): string {
  return `bank/${index}`;
}

/** Name of the array that tells which image each patch of a chunk comes from. */
function originName(index: number): string {
  return `images/${index}`;
}

type Filling = {
  readonly context: MethodContext;
  readonly settings: BankSettings;
  readonly data: MemoryData;
};

/** Refuse a bank before any of its memory is taken. */
function checkMemory({ context, settings, data }: Filling): void {
  const { gridSize, layers } = context;
  const plan = { settings, gridSize, layers, images: data.images };
  const needed = Math.ceil(bankMemoryBytes(plan) / 2 ** 20);
  if (needed <= settings.memoryLimitMiB) return;
  const { patches, kept } = bankSize(plan);
  throw new Error(
    `Expected a bank that fits in ${settings.memoryLimitMiB} MiB, but keeping ${kept} of ` +
      `${patches} patches needs about ${needed} MiB. Lower share, largestBank or projection, or ` +
      "raise memoryLimitMiB.",
  );
}

async function feedsOf({ context, data }: Filling, image: number): Promise<Feeds> {
  data.signal.throwIfAborted();
  const features = await data.features(image);
  const parts = featureParts(context).map(({ name, shape }, index): [string, Tensor] => {
    const values = features[index];
    if (values === undefined) throw new Error(`Expected features of ${name}, got none.`);
    return [name, tensor("float16", [1, ...shape], values)];
  });
  return Object.fromEntries(parts);
}

async function patchesOf(graph: OpenGraph, feeds: Feeds): Promise<Float32Array> {
  const { patches } = await graph.run(feeds);
  if (!(patches?.data instanceof Float32Array)) throw new Error("Expected patches, got none.");
  return patches.data;
}

/** Patches in random directions; lengths and distances keep their size on average. */
function projected(patches: Value, width: number, seed: number): Value {
  const from = patches.shape[1] ?? 1;
  if (width === from) return patches;
  const random = createRandom(seed);
  const scale = 1 / Math.sqrt(width);
  const directions = Float32Array.from({ length: from * width }, () => scale * random.normal());
  return matMul(patches, constantOf(directions, [from, width]));
}

/** Every image's patches in the width in which the choice measures, [patches, width]. */
async function projectedPatches(filling: Filling, width: number): Promise<Float32Array> {
  const { context, settings, data } = filling;
  const patches = patchGraph({ ...context, batch: 1 }, settings);
  const rows = patches.shape[0] ?? 1;
  const all = new Float32Array(data.images * rows * width);
  const graph = await data.open({
    patches: projected(patches, width, mixSeed(data.seed, "projection")),
  });
  try {
    for (let image = 0; image < data.images; image++) {
      const found = await patchesOf(graph, await feedsOf(filling, image));
      all.set(found, image * rows * width);
    }
    return all;
  } finally {
    await graph.close();
  }
}

/** The patches at `places` (ascending), whole, as arrays of at most `ROWS_A_CHUNK` rows. */
async function collect(
  filling: Filling,
  places: readonly number[] | "all",
): Promise<Record<string, Tensor>> {
  const { context, settings, data } = filling;
  const graphOutput = patchGraph({ ...context, batch: 1 }, settings);
  const [rows = 1, width = 1] = graphOutput.shape;
  const count = places === "all" ? data.images * rows : places.length;
  const chunks: Float32Array[] = [];
  for (let start = 0; start < count; start += ROWS_A_CHUNK) {
    chunks.push(new Float32Array(Math.min(ROWS_A_CHUNK, count - start) * width));
  }
  const origins = new Float32Array(count);
  const graph = await data.open({ patches: graphOutput });
  let kept = 0;
  try {
    for (let image = 0; image < data.images; image++) {
      const first = image * rows;
      const end = first + rows;
      const placeAt = (at: number): number => (places === "all" ? at : (places[at] ?? Infinity));
      if (kept >= count || placeAt(kept) >= end) continue;
      const found = await patchesOf(graph, await feedsOf(filling, image));
      for (; kept < count && placeAt(kept) < end; kept++) {
        const from = (placeAt(kept) - first) * width;
        const into = (kept % ROWS_A_CHUNK) * width;
        chunks[Math.floor(kept / ROWS_A_CHUNK)]?.set(found.subarray(from, from + width), into);
        origins[kept] = image;
      }
    }
  } finally {
    await graph.close();
  }
  return asWeights(chunks, { origins, width });
}

function asWeights(
  chunks: readonly Float32Array[],
  { origins, width }: { origins: Float32Array; width: number },
): Record<string, Tensor> {
  const weights: Record<string, Tensor> = {};
  let first = 0;
  for (const [index, chunk] of chunks.entries()) {
    const rows = chunk.length / width;
    weights[chunkName(index)] = float32([rows, width], chunk);
    weights[originName(index)] = float32([rows], origins.slice(first, first + rows));
    first += rows;
  }
  return weights;
}

/**
 * The bank without the patches of some images, by which they can be scored as new ones are.
 *
 * An image whose own patches are remembered scores next to nothing. Where no other patches would
 * be left, the bank stays as it is.
 */
export function withoutImages(
  weights: Readonly<Record<string, Tensor>>,
  images: ReadonlySet<number>,
): Record<string, Tensor> {
  const chunks: Float32Array[] = [];
  const origins: number[] = [];
  let width = 1;
  for (let index = 0; ; index++) {
    const [chunk, from] = [weights[chunkName(index)], weights[originName(index)]];
    if (!(chunk?.data instanceof Float32Array) || !(from?.data instanceof Float32Array)) break;
    width = chunk.shape[1] ?? 1;
    const rows = [...from.data.keys()].filter((row) => !images.has(from.data[row] as number));
    if (rows.length === 0) continue;
    const left = new Float32Array(rows.length * width);
    for (const [at, row] of rows.entries()) {
      left.set(chunk.data.subarray(row * width, (row + 1) * width), at * width);
      origins.push(Number(from.data[row]));
    }
    chunks.push(left);
  }
  if (chunks.length === 0) return { ...weights };
  return asWeights(chunks, { origins: Float32Array.from(origins), width });
}

/**
 * The bank of a training set's patches, as the weights `bank/0`… [rows, width] that scoring reads,
 * with `images/0`… [rows], the number of the image that each patch comes from.
 *
 * Features are read one image at a time: once to choose patches in few random directions, once
 * more to keep the chosen ones whole. A round's loss is the radius within which the patches chosen
 * so far cover all.
 *
 * @throws one sentence when the bank would need more than the settings' memory limit
 */
export async function* fitBank(
  filling: Filling,
): AsyncGenerator<MemoryProgress, Record<string, Tensor>, void> {
  checkMemory(filling);
  const { context, settings, data } = filling;
  const { gridSize, layers } = context;
  const {
    kept,
    patches,
    projected: width,
  } = bankSize({
    settings,
    gridSize,
    layers,
    images: data.images,
  });
  if (kept === patches) {
    const weights = await collect(filling, "all");
    for (let step = 1; step <= data.steps; step++) {
      yield { step, loss: 0, terms: { radius: 0 } };
    }
    return weights;
  }
  const request = {
    points: await projectedPatches(filling, width),
    width,
    size: kept,
    rounds: data.steps,
    seed: mixSeed(data.seed, "first"),
    signal: data.signal,
  };
  const choice = selectCoreset(request, data);
  for (let step = 1; ; step++) {
    const next = await choice.next();
    if (next.done === true) {
      return collect(
        filling,
        next.value.sort((a, b) => a - b),
      );
    }
    const { radius } = next.value;
    yield { step, loss: radius, terms: { radius } };
  }
}
