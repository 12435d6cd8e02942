import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";

import type { EncoderInfo } from "../catalog/encoder-info.ts";
import type { MethodEntry } from "../catalog/method-entry.ts";
import { METHODS } from "../catalog/methods.ts";
import { findEncoder } from "../encoders/find-encoder.ts";
import { hashFiles } from "../encoders/hash-files.ts";
import { removeCheckpoint } from "../train/checkpoint.ts";
import { runTraining, type TrainedModel } from "../train/run-training.ts";
import type { TrainEvent, TrainOptions, TrainResult } from "../train/train-events.ts";
import { writeDetectorFile } from "./detector-file.ts";

function categoriesOf({ images }: TrainOptions): string[] {
  return [...new Set(images.map((image) => image.category))].sort();
}

/** Where the encoder lies, or null when its name is enough to find it. */
async function pathUnlessNamed({ name, path }: EncoderInfo): Promise<string | null> {
  const named = await findEncoder(name).catch(() => null);
  return named?.path === path ? null : path;
}

async function save(options: TrainOptions, model: TrainedModel): Promise<void> {
  const { encoder, encoderHash } = model.prepared;
  const { calibration, standard } = model.calibrated;
  const entry: MethodEntry = METHODS[options.method];
  await mkdir(dirname(options.outFile), { recursive: true });
  await writeDetectorFile(options.outFile, {
    header: {
      version: 1,
      method: options.method,
      settings: { ...model.method.settings },
      note: entry.note(encoder),
      encoder: { ...encoder, path: await pathUnlessNamed(encoder), sha256: encoderHash },
      categories: categoriesOf(options),
      training: {
        steps: options.steps,
        batch: options.batch,
        seed: options.seed,
        images: options.images.length,
        loss: model.loss,
      },
      standard: standard?.overall ?? null,
      ...calibration,
    },
    places: standard?.places ?? {},
    statistics: model.prepared.statistics,
    weights: model.weights,
  });
}

/**
 * Train a detector and write its file.
 *
 * Yields progress; see `runTraining` for resuming and failing. The same options give the same
 * bytes on the same provider and number of threads. The checkpoint goes once the file is safe.
 */
export async function* train(options: TrainOptions): AsyncGenerator<TrainEvent, TrainResult, void> {
  const start = performance.now();
  const model = yield* runTraining(options);
  await save(options, model);
  await removeCheckpoint(options.checkpointDir);

  const { method, steps, provider, outFile: file } = options;
  return {
    file,
    sha256: await hashFiles([file]),
    method,
    encoder: model.prepared.encoder.name,
    steps,
    seconds: (performance.now() - start) / 1000,
    loss: model.loss,
    trainImages: options.images.length,
    categories: categoriesOf(options),
    scale: model.calibrated.calibration.scale,
    provider,
  };
}
