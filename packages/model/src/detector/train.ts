import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";

import { EncoderName } from "../catalog/encoder-info.ts";
import type { MethodEntry } from "../catalog/method-entry.ts";
import { METHODS } from "../catalog/methods.ts";
import { findEncoder } from "../encoders/find-encoder.ts";
import { hashFiles } from "../encoders/hash-files.ts";
import { removeCheckpoint } from "../train/checkpoint.ts";
import { runTraining, type TrainedModel } from "../train/run-training.ts";
import type { TrainEvent, TrainOptions, TrainResult } from "../train/train-events.ts";
import { type StoredDetector, writeDetectorFile } from "./detector-file.ts";
import { openSigningKey } from "./signing-key.ts";

function categoriesOf({ images }: TrainOptions): string[] {
  return [...new Set(images.map((image) => image.category))].sort();
}

/** A name that every reader of the file will take; asked before hours of training. */
async function checkEncoderName(nameOrPath: string): Promise<void> {
  const { name, path } = await findEncoder(nameOrPath);
  const parsed = EncoderName.safeParse(name);
  if (parsed.success) return;
  throw new Error(`${parsed.error.issues[0]?.message ?? ""} Rename the folder ${path}.`);
}

async function save(options: TrainOptions, model: TrainedModel): Promise<void> {
  const { encoder, encoderHash } = model.prepared;
  const { calibration, standard } = model.calibrated;
  const entry: MethodEntry = METHODS[options.method];
  await mkdir(dirname(options.outFile), { recursive: true });
  const { signingKeyFile } = options;
  const key = signingKeyFile === undefined ? null : await openSigningKey(signingKeyFile);
  const detector: StoredDetector = {
    header: {
      version: 1,
      method: options.method,
      settings: { ...model.method.settings },
      note: entry.note(encoder),
      encoder: { ...encoder, path: null, sha256: encoderHash },
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
    cells: standard?.cells ?? {},
    statistics: model.prepared.statistics,
    weights: model.weights,
  };
  await writeDetectorFile(options.outFile, detector, key);
}

/**
 * Train a detector and write its file.
 *
 * Yields progress; see `runTraining` for resuming and failing. The same options give the same
 * bytes on the same provider and number of threads. The checkpoint goes once the file is safe.
 */
export async function* train(options: TrainOptions): AsyncGenerator<TrainEvent, TrainResult, void> {
  const start = performance.now();
  await checkEncoderName(options.encoder);
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
