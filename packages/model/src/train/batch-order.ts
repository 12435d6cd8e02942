import { createRandom, mixSeed } from "../tensor/index.ts";

/** All of 0 … count − 1 in an order that (seed, epoch) decides (Fisher–Yates). */
function shuffled(count: number, seed: number): Uint32Array {
  const random = createRandom(seed);
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = random.integer(last + 1);
    [order[last], order[other]] = [order[other] ?? 0, order[last] ?? 0];
  }
  return order;
}

/**
 * Which images each step sees: one shuffled pass after the other, cut into batches.
 *
 * A batch may span two passes, so every image is seen equally often. A function of (seed, step)
 * alone: a resumed run sees what the uninterrupted one would have seen.
 */
export function createBatchOrder({
  images,
  batch,
  seed,
}: {
  images: number;
  batch: number;
  seed: number;
}): (step: number) => number[] {
  let known: { epoch: number; order: Uint32Array } = { epoch: -1, order: new Uint32Array() };
  const orderOf = (epoch: number): Uint32Array => {
    if (known.epoch !== epoch) {
      known = { epoch, order: shuffled(images, mixSeed(seed, "epoch", epoch)) };
    }
    return known.order;
  };
  return (step) =>
    Array.from({ length: batch }, (_, index) => {
      const position = step * batch + index;
      return orderOf(Math.floor(position / images))[position % images] ?? 0;
    });
}
