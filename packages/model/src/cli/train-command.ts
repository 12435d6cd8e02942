import { rm } from "node:fs/promises";
import { extname, join } from "node:path";

import { METHOD_NAMES, type MethodName, RUN_DEFAULTS } from "../catalog/methods.ts";
import { presetRun } from "../catalog/parse-settings.ts";
import type { InputImage } from "../data/input-image.ts";
import type { CategoryImages } from "../data/scan-dataset.ts";
import { train } from "../detector/train.ts";
import type { TrainOptions, TrainResult } from "../train/train-events.ts";
import { chooseEncoder } from "./choose-encoder.ts";
import type { CommandResult } from "./command.ts";
import { featureCacheFolder, signingKeyFile } from "./env.ts";
import { formatDuration, type Progress } from "./progress.ts";
import { type Arguments, readArguments } from "./read-arguments.ts";
import { readPreset, readSettings } from "./read-settings.ts";
import { scanFolders, withTraining } from "./scan-folders.ts";
import { showTraining } from "./show-training.ts";

type Context = { readonly progress: Progress; readonly signal: AbortSignal };

/** What all models of one call share. */
type Shared = Omit<TrainOptions, "images" | "steps" | "batch" | "outFile" | "checkpointDir">;

async function trainToEnd(options: TrainOptions, progress: Progress): Promise<TrainResult> {
  let step = 0;
  try {
    const events = train(options);
    for (;;) {
      const next = await events.next();
      if (next.done === true) return next.value;
      if (next.value.type === "step") step = next.value.step;
      showTraining(next.value, progress);
    }
  } catch (error) {
    if (options.signal.aborted && step > 0) {
      progress.note(
        `Stopped after step ${step} of ${options.steps}. The checkpoint is in ` +
          `${options.checkpointDir}: run the same command again to go on from there.`,
      );
    }
    throw error;
  }
}

function withoutExtension(file: string): string {
  return file.slice(0, file.length - extname(file).length);
}

/** Where a category's own model goes: NAME-category.loupe for a file, else into the folder. */
function fileOf(category: string, out: string): string {
  const extension = extname(out);
  return extension === ""
    ? join(out, `${category}.loupe`)
    : `${withoutExtension(out)}-${category}${extension}`;
}

async function trainOne(
  shared: Shared & { readonly images: readonly InputImage[]; readonly outFile: string },
  args: Arguments,
  progress: Progress,
): Promise<TrainResult> {
  const { method, images, outFile } = shared;
  const usual = presetRun(method, readPreset(args), images.length);
  const checkpointDir = `${withoutExtension(outFile)}.checkpoint`;
  const result = await trainToEnd(
    {
      ...shared,
      steps: args.integer("steps", { least: 1, fallback: usual.steps }),
      batch: args.integer("batch", { least: 1, fallback: usual.batch }),
      checkpointDir,
    },
    progress,
  );
  await rm(checkpointDir, { recursive: true, force: true });
  return result;
}

function summary({ method, encoder, steps, seconds, loss, trainImages, categories }: TrainResult) {
  return { method, encoder, steps, seconds, loss, trainImages, categories };
}

function sentences(result: TrainResult): string[] {
  const { method, encoder, steps, seconds, loss, trainImages, categories, file } = result;
  return [
    `Trained ${method} on ${trainImages} images of ${categories.join(", ")} with ${encoder}: ` +
      `loss ${loss.toFixed(4)} after ${steps} steps in ${formatDuration(seconds)}.`,
    `Detector: ${file}`,
  ];
}

/** One model a category, one after the other. */
async function trainEach(
  { categories, shared, out }: { categories: CategoryImages[]; shared: Shared; out: string },
  args: Arguments,
  progress: Progress,
): Promise<CommandResult> {
  const results: TrainResult[] = [];
  for (const { name, train: images } of categories) {
    progress.note(name);
    results.push(await trainOne({ ...shared, images, outFile: fileOf(name, out) }, args, progress));
  }
  const models = results.map((result) => ({ ...summary(result), file: result.file }));
  return { json: { models }, lines: results.flatMap(sentences) };
}

const TEXTS = [
  ...["out", "method", "encoder", "steps", "batch", "seed", "provider"],
  ...["settings", "preset", "plugin"],
];

/** `train`: learn a detector from folders of images and write its file. */
export async function trainCommand(
  argv: readonly string[],
  { progress, signal }: Context,
): Promise<CommandResult> {
  const args = readArguments(argv, { texts: TEXTS, lists: ["data", "set"], flags: ["one-class"] });
  const out = args.path("out", "FILE, the detector file to write");
  const folders = args.paths("data", "DIR, one category or a folder of categories");
  const method: MethodName = args.choice("method", METHOD_NAMES, RUN_DEFAULTS.method);
  const settings = readSettings(args, method);
  const seed = args.integer("seed", { least: 0, fallback: RUN_DEFAULTS.seed });
  for (const name of ["steps", "batch"]) args.integer(name, { least: 1, fallback: 1 });
  const provider = args.provider();
  const categories = withTraining(await scanFolders(folders), folders);
  const shared: Shared = {
    method,
    settings,
    seed,
    provider,
    encoder: (await chooseEncoder(args.text("encoder"))).path,
    probes: [],
    cacheDir: featureCacheFolder(),
    signingKeyFile: signingKeyFile(),
    signal,
  };
  if (args.flag("one-class")) return trainEach({ categories, shared, out }, args, progress);

  const images = categories.flatMap((category) => category.train);
  const result = await trainOne({ ...shared, images, outFile: out }, args, progress);
  return { json: summary(result), lines: sentences(result) };
}
