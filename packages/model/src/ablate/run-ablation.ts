import { rm } from "node:fs/promises";
import { extname, join } from "node:path";

import type { AblationRow } from "../catalog/ablation.ts";
import type { PresetName } from "../catalog/method-entry.ts";
import { parseSettings, presetRun } from "../catalog/parse-settings.ts";
import type { Provider } from "../catalog/providers.ts";
import type { CategoryImages } from "../data/scan-dataset.ts";
import { evaluate } from "../detector/evaluate.ts";
import { openDetector } from "../detector/open-detector.ts";
import { train } from "../detector/train.ts";
import { locateEncoder } from "../encoders/find-encoder.ts";
import { hashFiles } from "../encoders/hash-files.ts";
import type { TrainEvent, TrainOptions } from "../train/train-events.ts";
import {
  type AblationResult,
  appendResult,
  describeImages,
  keyOf,
  type Metrics,
  readRecord,
} from "./ablation-record.ts";
import { testImages } from "./test-images.ts";

export type AblationOptions = {
  readonly rows: readonly AblationRow[];
  /** All of them in one model, but for rows that are one-class. */
  readonly categories: readonly CategoryImages[];
  readonly encoder: string;
  readonly preset: PresetName;
  /** Length and batch of every row; null for what the preset gives each method. */
  readonly steps: number | null;
  readonly batch: number | null;
  readonly seeds: readonly number[];
  /** Single settings that win over every row's. */
  readonly set: Readonly<Record<string, string>>;
  /** Evaluate every k-th test image. */
  readonly every: number;
  readonly provider: Provider;
  readonly cacheDir: string;
  /** JSON lines of finished rows; what is there is not trained again. */
  readonly outFile: string;
  readonly signal: AbortSignal;
};

export type AblationEvent = { readonly row: string; readonly seed: number } & (
  | { readonly type: "training"; readonly category: string | null; readonly event: TrainEvent }
  | { readonly type: "evaluating"; readonly done: number; readonly total: number }
  | { readonly type: "finished"; readonly result: AblationResult; readonly isKept: boolean }
);

/** One training of a row, and how its result is known. */
type Run = {
  readonly row: AblationRow;
  readonly seed: number;
  readonly key: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly steps: number;
  readonly batch: number;
};

/** Every row with every seed. @throws SettingsError before anything is trained */
async function planRuns(options: AblationOptions): Promise<Run[]> {
  const { rows, seeds, categories, preset, set, every, provider } = options;
  const train = categories.flatMap((category) => category.train);
  const source = await locateEncoder(options.encoder);
  const shared = {
    encoder: [source.info.name, await hashFiles(source.files)],
    train: await describeImages(train),
    test: await describeImages(testImages(categories, every)),
    provider,
  };
  const digest = keyOf(shared);
  const planned = rows.map((row) => {
    // As the literature compares: nothing at a test image says which category it shows.
    const base = { scoring: "raw", ...row.settings };
    const settings = parseSettings(row.method, { preset, settings: base, set });
    const usual = presetRun(row.method, preset, train.length);
    const { steps = usual.steps, batch = usual.batch } = withoutNull(options);
    return { row, settings, steps, batch };
  });
  return seeds.flatMap((seed) =>
    planned.map(({ row, settings, steps, batch }) => {
      const { method, oneClass = false } = row;
      const key = keyOf({ digest, method, settings, oneClass, steps, batch, seed });
      return { row, seed, key, settings, steps, batch };
    }),
  );
}

function withoutNull({ steps, batch }: AblationOptions): { steps?: number; batch?: number } {
  return { ...(steps !== null && { steps }), ...(batch !== null && { batch }) };
}

/** The categories that share a model: all, or each alone. */
function modelsOf({ row }: Run, categories: readonly CategoryImages[]): CategoryImages[][] {
  return row.oneClass === true ? categories.map((category) => [category]) : [[...categories]];
}

function workFolder({ outFile }: AblationOptions, { key }: Run): string {
  return join(`${outFile.slice(0, outFile.length - extname(outFile).length)}.work`, key);
}

function trainOptions(
  options: AblationOptions,
  run: Run,
  categories: readonly CategoryImages[],
): TrainOptions {
  const { encoder, provider, cacheDir, signal } = options;
  const { row, settings, steps, batch, seed } = run;
  const folder = workFolder(options, run);
  const part = row.oneClass === true ? (categories[0]?.name ?? "all") : "all";
  return {
    images: categories.flatMap((category) => category.train),
    probes: [],
    method: row.method,
    encoder,
    steps,
    batch,
    seed,
    provider,
    settings,
    cacheDir,
    checkpointDir: join(folder, `${part}.checkpoint`),
    checkpointEverySteps: 200,
    outFile: join(folder, `${part}.loupe`),
    signal,
  };
}

/** Progress of an evaluation, then the metrics of each category. */
async function* measured(
  options: AblationOptions,
  file: string,
  categories: readonly CategoryImages[],
): AsyncGenerator<{ done: number; total: number }, Record<string, Metrics>, void> {
  const { every, provider, cacheDir, signal } = options;
  const detector = await openDetector({ file, provider, cacheDir, encoder: options.encoder });
  try {
    const events = evaluate({ detector, images: testImages(categories, every), signal });
    for (;;) {
      const next = await events.next();
      if (next.done === true) {
        const found = Object.entries(next.value.categories);
        return Object.fromEntries(
          found.map(([name, { images: _, ...metrics }]) => [name, metrics]),
        );
      }
      if (next.value.type === "unreadable") throw new Error(next.value.error);
      yield { done: next.value.done, total: next.value.total };
    }
  } finally {
    await detector.close();
  }
}

async function* runOne(
  options: AblationOptions,
  run: Run,
): AsyncGenerator<AblationEvent, AblationResult, void> {
  const { row, seed, key, steps, batch } = run;
  const start = performance.now();
  const found: Record<string, Metrics> = {};
  const at = { row: row.name, seed };
  for (const categories of modelsOf(run, options.categories)) {
    const training = trainOptions(options, run, categories);
    const category = row.oneClass === true ? (categories[0]?.name ?? null) : null;
    for await (const event of train(training)) yield { ...at, type: "training", category, event };

    const events = measured(options, training.outFile, categories);
    for (;;) {
      const next = await events.next();
      if (next.done === true) {
        Object.assign(found, next.value);
        break;
      }
      yield { ...at, type: "evaluating", ...next.value };
    }
  }
  await rm(workFolder(options, run), { recursive: true, force: true });
  const seconds = (performance.now() - start) / 1000;
  return { key, ...at, method: row.method, steps, batch, seconds, categories: found };
}

/**
 * Train every row with every seed and evaluate it, through the ordinary training.
 *
 * Seeds are the outer loop, so that an interrupted comparison has whole tables. Finished rows are
 * kept in `outFile` and not trained again; an unfinished one goes on from its checkpoint. Test
 * images are encoded once for all rows that see the encoder alike.
 *
 * @returns the results in the order of rows, then seeds
 */
export async function* runAblation(
  options: AblationOptions,
): AsyncGenerator<AblationEvent, AblationResult[], void> {
  const known = await readRecord(options.outFile);
  const runs = await planRuns(options);
  const results: AblationResult[] = [];
  for (const run of runs) {
    options.signal.throwIfAborted();
    const { name } = run.row;
    const kept = known.get(run.key);
    const result = kept ? { ...kept, row: name } : yield* runOne(options, run);
    if (kept === undefined) {
      await appendResult(options.outFile, result);
      known.set(run.key, result);
    }
    results.push(result);
    yield {
      type: "finished",
      row: name,
      seed: run.seed,
      result,
      isKept: kept !== undefined,
    };
  }
  const order = new Map(options.rows.map(({ name }, index) => [name, index]));
  return results.sort((a, b) => (order.get(a.row) ?? 0) - (order.get(b.row) ?? 0));
}
