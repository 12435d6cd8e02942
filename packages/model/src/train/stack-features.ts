import type { EncoderLayer } from "../catalog/encoder-info.ts";
import { featureParts } from "../encoders/feature-layout.ts";
import type { Features } from "../encoders/feature-store.ts";
import { sizeOf, type Tensor, tensor } from "../tensor/index.ts";

type Layout = {
  readonly gridSize: number;
  readonly layers: readonly EncoderLayer[];
  readonly globals?: boolean;
};

/** Features of several images as the inputs `tokens0`…, `global0`… of a method's graphs. */
export function stackFeatures(batch: readonly Features[], layout: Layout): Record<string, Tensor> {
  const feeds: Record<string, Tensor> = {};
  for (const [index, { name, shape }] of featureParts(layout).entries()) {
    const size = sizeOf(shape);
    const data = new Uint16Array(batch.length * size);
    for (const [row, features] of batch.entries()) {
      const part = features[index];
      if (part?.length !== size) {
        throw new Error(`Expected ${size} features in ${name}, got ${part?.length ?? 0}.`);
      }
      data.set(part, row * size);
    }
    feeds[name] = tensor("float16", [batch.length, ...shape], data);
  }
  return feeds;
}
