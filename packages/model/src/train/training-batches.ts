import type { EncoderInfo } from "../catalog/encoder-info.ts";
import { mapAhead } from "../data/map-ahead.ts";
import type { Tensor } from "../tensor/index.ts";
import { createBatchOrder } from "./batch-order.ts";
import { stackFeatures } from "./stack-features.ts";
import { storedFeatures, type StoredImages } from "./stored-features.ts";

/** Batches in hand: the one that is trained on and the one that is read meanwhile. */
const IN_HAND = 2;

type BatchOptions = {
  readonly batch: number;
  /** Decides the order together with the step. */
  readonly seed: number;
  readonly from: number;
  readonly to: number;
};

export type TrainingBatch = { readonly step: number; readonly feeds: Record<string, Tensor> };

/**
 * Batches of training images for the steps `from` … `to` − 1.
 *
 * The next one is read from the cache and put together while the caller works on one; no more than
 * these two are in memory, however many images there are.
 */
export async function* trainingBatches(
  prepared: StoredImages & { readonly encoder: EncoderInfo },
  { batch, seed, from, to }: BatchOptions,
): AsyncGenerator<TrainingBatch, void, void> {
  const order = createBatchOrder({ images: prepared.hashes.length, batch, seed });
  const steps = Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
  yield* mapAhead(steps, IN_HAND, async (step) => {
    const features = await Promise.all(order(step).map((index) => storedFeatures(prepared, index)));
    return { step, feeds: stackFeatures(features, prepared.encoder) };
  });
}
