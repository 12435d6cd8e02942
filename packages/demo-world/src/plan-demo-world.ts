import { join } from "node:path";

import { createRandom, mixSeed } from "@loupe/model/random";

import { requireDemoProduct } from "./demo-products.ts";
import type { PhotoOrder } from "./render-photo.ts";

/** Images of one product. */
export type DemoCounts = {
  readonly train: number;
  /** Good ones of the test split. */
  readonly good: number;
  /** Defective ones of the test split, dealt out to the product's kinds in turn. */
  readonly defective: number;
};

/** One picture to render and where it goes, relative to the data set's folder. */
export type PlannedPhoto = {
  readonly product: string;
  readonly order: PhotoOrder;
  readonly file: string;
  /** null for a good part. */
  readonly maskFile: string | null;
};

/** Steps of the golden ratio spread any number of shares evenly over 0 to 1 (Weyl). */
const GOLDEN = 0.6180339887498949;

/** A severity from an evenly spread share: more are plain than faint, as a line's test set has them. */
const severityAt = (share: number): number => Math.sqrt(share);

type Shot = { product: string; split: "train" | "test"; kind: string; index: number };

function planShot(shot: Shot, { seed, size }: { seed: number; size: number }): PlannedPhoto {
  const { product, split, kind, index } = shot;
  const name = String(index).padStart(3, "0");
  const isGood = kind === "good";
  const start = createRandom(mixSeed(seed, product, kind)).uniform();
  return {
    product,
    order: {
      seed: mixSeed(seed, product, split, kind, index),
      size,
      flaw: isGood ? null : { kind, severity: severityAt((start + index * GOLDEN) % 1) },
    },
    file: join(product, split, kind, `${name}.jpg`),
    maskFile: isGood ? null : join(product, "ground_truth", kind, `${name}_mask.png`),
  };
}

/** Every picture of a demo world, product by product: the same list for the same arguments. */
export function planDemoWorld(
  products: readonly string[],
  counts: DemoCounts,
  frame: { seed: number; size: number },
): PlannedPhoto[] {
  return products.flatMap((product) => {
    const { kinds } = requireDemoProduct(product);
    const train = Array.from({ length: counts.train }, (_, index) =>
      planShot({ product, split: "train", kind: "good", index }, frame),
    );
    const good = Array.from({ length: counts.good }, (_, index) =>
      planShot({ product, split: "test", kind: "good", index }, frame),
    );
    const defective = Array.from({ length: counts.defective }, (_, k) => {
      const kind = kinds[k % kinds.length] ?? "good";
      return planShot({ product, split: "test", kind, index: Math.floor(k / kinds.length) }, frame);
    });
    return [...train, ...good, ...defective];
  });
}
