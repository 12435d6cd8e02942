import { BANK_ENTRY } from "../catalog/methods/bank/entry.ts";
import { BankSettings } from "../catalog/methods/bank/settings.ts";
import type { EncoderInfo } from "../catalog/encoder-info.ts";
import type { Provider } from "../catalog/providers.ts";
import { FeatureReader } from "../data/feature-reader.ts";
import type { LabelledImage } from "../data/input-image.ts";
import type { CategoryImages } from "../data/scan-dataset.ts";
import type { CategoryMetrics, EvaluationEvent } from "../detector/detector-types.ts";
import { evaluate } from "../detector/evaluate.ts";
import { scoreImages } from "../detector/score-images.ts";
import { bank } from "../methods/bank/method.ts";
import { prepareFeatures } from "../train/prepare-features.ts";
import { Scorer } from "../train/scorer.ts";
import type { TrainEvent, TrainOptions } from "../train/train-events.ts";
import { trainMemory } from "../train/train-memory.ts";
import { contextOf } from "../train/training-setup.ts";

export type ProbeOptions = {
  readonly encoder: EncoderInfo;
  readonly category: CategoryImages;
  readonly test: readonly LabelledImage[];
  readonly settings: BankSettings;
  readonly provider: Provider;
  readonly cacheDir: string;
  readonly signal: AbortSignal;
};

export type ProbeEvent = TrainEvent | EvaluationEvent;

/** A bank's memory beyond which a probe is refused; every patch is kept. */
const MEMORY_LIMIT_MIB = 16_384;

/**
 * Settings with which features are compared across encoders: the plain distance of two layers'
 * patches to all training patches, the outer ring left out.
 *
 * Of a vision transformer, the blocks at half and two thirds of its depth.
 */
export function probeSettings({ kind, layers }: EncoderInfo): BankSettings {
  const [first, half] = layers.map((layer) => Number(layer.name.replace("block", "")));
  const hasBlocks = kind === "vit" && Number.isInteger(first) && Number.isInteger(half);
  return BankSettings.parse({
    layers: hasBlocks ? `${first},${half},${Math.round(((half ?? 0) * 4) / 3)}` : "encoder",
    joined: "2+3",
    neighbourhood: 3,
    border: "omit",
    scaling: "none",
    share: 1,
    largestBank: 4_000_000,
    memoryLimitMiB: MEMORY_LIMIT_MIB,
    smoothing: 4,
    imageScore: "max",
    scoring: "raw",
  });
}

/**
 * How well an encoder's features tell a category's good images from its defective ones, without
 * any training: see `probeSettings`. Nothing is written but features to the cache.
 */
export async function* probeEncoder(
  options: ProbeOptions,
): AsyncGenerator<ProbeEvent, CategoryMetrics, void> {
  const { encoder, category, test, settings, provider, cacheDir, signal } = options;
  const method = bank(settings);
  if (method.kind !== "memory") throw new Error("Expected the bank to be a memory.");
  const run: TrainOptions = {
    images: category.train,
    probes: [],
    method: BANK_ENTRY.name,
    encoder: encoder.path,
    steps: 1,
    batch: 1,
    seed: 0,
    provider,
    settings,
    cacheDir,
    checkpointDir: "",
    outFile: "",
    signal,
  };
  const prepared = yield* prepareFeatures(run, method.view);
  const context = await contextOf(method, run, prepared);
  const { weights } = yield* trainMemory({ options: run, method, context, prepared });
  const { source, store } = prepared;
  const scorer = await Scorer.open({ method, context, provider }, weights);
  const reader = await FeatureReader.open({ source, provider, store });
  try {
    const detector = {
      score: (images: Parameters<typeof scoreImages>[0]) =>
        scoreImages(images, { reader, scorer, standard: null, signal }),
    };
    const { categories } = yield* evaluate({ detector, images: test, signal });
    const metrics = categories[category.name];
    if (metrics === undefined) throw new Error(`Expected images in ${category.name}'s test/.`);
    return metrics;
  } finally {
    await Promise.all([scorer.close(), reader.close()]);
  }
}
