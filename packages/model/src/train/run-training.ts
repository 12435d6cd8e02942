import { mapAhead } from "../data/map-ahead.ts";
import { findMethod } from "../methods/find-method.ts";
import type { Method, MethodContext } from "../methods/method.ts";
import type { Tensor } from "../tensor/index.ts";
import {
  calibrate,
  calibrationImages,
  type CalibrationResult,
  type CalibrationSample,
} from "./calibrate.ts";
import { prepareFeatures, type PreparedFeatures } from "./prepare-features.ts";
import { Scorer } from "./scorer.ts";
import { storedFeatures } from "./stored-features.ts";
import type { TrainEvent, TrainOptions } from "./train-events.ts";
import { trainGradient } from "./train-gradient.ts";
import { contextOf, type TrainingSetup } from "./training-setup.ts";
import { trainMemory } from "./train-memory.ts";

/** What a finished training leaves: all that a detector file holds. */
export type TrainedModel = {
  readonly method: Method;
  readonly context: MethodContext;
  readonly prepared: PreparedFeatures;
  readonly weights: Readonly<Record<string, Tensor>>;
  readonly calibrated: CalibrationResult;
  readonly loss: number;
};

type Weights = Readonly<Record<string, Tensor>>;

/** Parts of the calibration's images for each of which a memory is taken without them. */
const FOLDS = 4;

/** Images to score together, and the weights to score them with. */
function* folds(
  { method, prepared }: TrainingSetup,
  { weights, chosen }: { weights: Weights; chosen: readonly number[] },
): Generator<{ weights: Weights; images: number[] }> {
  if (method.kind !== "memory" || method.without === undefined || prepared.hashes.length < 2) {
    yield { weights, images: [...chosen] };
    return;
  }
  for (let fold = 0; fold < Math.min(FOLDS, chosen.length); fold++) {
    const images = chosen.filter((_, index) => index % FOLDS === fold);
    yield { weights: method.without(weights, new Set(images)), images };
  }
}

async function* calibrationSamples(
  setup: TrainingSetup,
  parts: Iterable<{ weights: Weights; images: number[] }>,
): AsyncGenerator<CalibrationSample, void, void> {
  const { method, context, options, prepared } = setup;
  for (const { weights, images } of parts) {
    const features = mapAhead(images, 2, async (index) => {
      options.signal.throwIfAborted();
      const category = options.images[index]?.category ?? "";
      return { category, features: await storedFeatures(prepared, index) };
    });
    const scorer = await Scorer.open({ method, context, provider: options.provider }, weights);
    try {
      for await (const each of features) {
        yield { category: each.category, ...(await scorer.score(each.features)) };
      }
    } finally {
      await scorer.close();
    }
  }
}

async function* calibrated(
  setup: TrainingSetup,
  weights: Weights,
): AsyncGenerator<TrainEvent, CalibrationResult, void> {
  const chosen = calibrationImages(setup.options.images.map(({ category }) => category));
  const total = chosen.length;
  yield { type: "stage", stage: "calibrating", done: 0, total };
  const { method, context } = setup;
  const scoring = calibrate(calibrationSamples(setup, folds(setup, { weights, chosen })), {
    gridSize: context.gridSize,
    isStandard: method.scoring === "standard",
    imageScore: (tokens, map) => method.imageScore(tokens, map),
  });
  for (;;) {
    const next = await scoring.next();
    if (next.done === true) return next.value;
    yield { type: "stage", stage: "calibrating", done: next.value, total };
  }
}

function checkOptions({ images, steps, batch }: TrainOptions): void {
  if (images.length === 0) {
    throw new Error("Expected at least one normal image to learn from, got none.");
  }
  for (const [name, value] of Object.entries({ steps, batch })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new Error(`Expected a whole number of at least 1 for ${name}, got ${value}.`);
    }
  }
}

/**
 * Train a method from its options to weights with a calibrated scale.
 *
 * Resumes from a checkpoint of the same configuration, after which every step is bit for bit the
 * one of an uninterrupted run on the same provider: batches, noise and schedule are functions of
 * (seed, step), and the checkpoint holds the optimiser's whole state.
 *
 * @throws the signal's reason when aborted, after a checkpoint; an error that names step, term and
 *   last good checkpoint when the loss is no longer a number
 */
export async function* runTraining(
  options: TrainOptions,
): AsyncGenerator<TrainEvent, TrainedModel, void> {
  checkOptions(options);
  const method = findMethod(options.method)(options.settings);
  const prepared = yield* prepareFeatures(options, method.view);
  const context = await contextOf(method, options, prepared);
  const shared = { options, context, prepared };
  const { weights, loss } =
    method.kind === "gradient"
      ? yield* trainGradient({ ...shared, method })
      : yield* trainMemory({ ...shared, method });
  const found = yield* calibrated({ ...shared, method }, weights);
  return { method, context, prepared, weights, calibrated: found, loss };
}
