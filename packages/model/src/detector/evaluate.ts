import type { LabelledImage } from "../data/input-image.ts";
import { readMask } from "../data/read-mask.ts";
import { auroc } from "../metrics/auroc.ts";
import { PixelAuroc } from "../metrics/pixel-auroc.ts";
import type {
  CategoryMetrics,
  EvaluateOptions,
  EvaluationEvent,
  EvaluationResult,
} from "./detector-types.ts";

function byCategory(images: readonly LabelledImage[]): Map<string, LabelledImage[]> {
  const groups = new Map<string, LabelledImage[]>();
  for (const image of images) {
    const group = groups.get(image.category);
    if (group === undefined) groups.set(image.category, [image]);
    else group.push(image);
  }
  return groups;
}

/** Unweighted mean over what is defined; null when nothing is. */
function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

type Progress = { done: number; readonly total: number };

/** One category at a time, so that only one category's pixels are in memory. */
async function* evaluateCategory(
  { detector, signal }: EvaluateOptions,
  images: readonly LabelledImage[],
  progress: Progress,
): AsyncGenerator<EvaluationEvent, CategoryMetrics, void> {
  const scores: number[] = [];
  const labels: number[] = [];
  const pixels = new PixelAuroc();
  let index = 0;
  for await (const prediction of detector.score(images, { signal })) {
    const image = images[index++];
    if (image === undefined) throw new Error("Expected one prediction an image, got more.");
    progress.done++;
    if ("error" in prediction) {
      yield { type: "unreadable", ...prediction, ...progress };
      continue;
    }
    const { score, map } = prediction;
    scores.push(score);
    labels.push(image.label === "defective" ? 1 : 0);
    if (image.label === "good") pixels.add(map.values, null);
    else if (image.maskPath !== null) pixels.add(map.values, await readMask(image.maskPath, map));
    yield { type: "image", ...prediction, ...progress };
  }
  return {
    iAuroc: auroc(Float32Array.from(scores), Uint8Array.from(labels)),
    pAuroc: await pixels.value(),
    images: scores.length,
  };
}

/**
 * Score labelled images and measure image and pixel AUROC, for each category and in the mean.
 *
 * Pixel AUROC is computed at the resolution of the anomaly map (the encoder's input): masks are
 * brought to it, so that every image weighs the same. A defective image without a mask counts for
 * the image metric alone.
 */
export async function* evaluate(
  options: EvaluateOptions,
): AsyncGenerator<EvaluationEvent, EvaluationResult, void> {
  const { images } = options;
  const start = performance.now();
  const progress = { done: 0, total: images.length };
  const categories: Record<string, CategoryMetrics> = {};
  for (const [name, group] of byCategory(images)) {
    categories[name] = yield* evaluateCategory(options, group, progress);
  }
  const all = Object.values(categories);
  return {
    categories,
    mean: {
      iAuroc: meanOf(all.map((category) => category.iAuroc)),
      pAuroc: meanOf(all.map((category) => category.pAuroc)),
    },
    secondsPerImage: (performance.now() - start) / 1000 / Math.max(1, images.length),
  };
}
