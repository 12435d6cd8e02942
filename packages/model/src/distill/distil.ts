import { createHash } from "node:crypto";

import { mapAhead } from "../data/map-ahead.ts";
import { isKind, type Value } from "../graph/index.ts";
import type { LayerStatistics } from "../methods/method.ts";
import { createParameters } from "../nn/index.ts";
import { muon, trainingGraph, warmUpLinear } from "../optim/index.ts";
import { openTrainingSession, type TrainingSession } from "../session/index.ts";
import { createRandom, mixSeed, type Tensor, tensor } from "../tensor/index.ts";
import { ChannelStatistics } from "../train/channel-statistics.ts";
import { StepPace } from "../train/step-pace.ts";
import { readDistilCheckpoint, writeDistilCheckpoint } from "./distil-checkpoint.ts";
import { type DistillationSample, SampleStore } from "./sample-store.ts";
import { studentLoss } from "./student-loss.ts";
import { type TargetMap, Teachers } from "./teachers.ts";

/** Crops from which a run starts, unless told otherwise. */
const FIRST_SAMPLES = 160;
/** Steps a new crop lasts: teachers cost about as much as the student's step. */
const STEPS_PER_SAMPLE = 2;
const WARM_UP_STEPS = 100;
/** Share of the steps, at the end, in which the learning rate falls to 0. */
const DECAY_SHARE = 0.35;
const CLIP_NORM = 1;
const WEIGHT_DECAY = 0.01;

export type DistilOptions = {
  readonly corpus: readonly string[];
  /** Names or folders of encoders. */
  readonly teachers: readonly string[];
  readonly steps: number;
  readonly batch: number;
  readonly seed: number;
  /** Highest learning rate. */
  readonly learningRate: number;
  /** What teachers said to each crop is kept here. */
  readonly cacheDir: string;
  /** The run's state; a run that finds it with the same options goes on from there. */
  readonly checkpointFile: string;
  readonly checkpointEverySteps: number;
  readonly threads: number;
  /** Weights to begin with instead of random ones, where name and shape fit. */
  readonly start?: Weights;
  /** Crops over which the teachers' channels are measured, and that the first batches draw from. */
  readonly firstSamples?: number;
  readonly signal: AbortSignal;
};

export type DistilEvent =
  | { readonly type: "samples"; readonly done: number; readonly total: number }
  | { readonly type: "resumed"; readonly step: number }
  | { readonly type: "checkpoint"; readonly step: number; readonly student: Student }
  | {
      readonly type: "step";
      readonly step: number;
      readonly loss: number;
      readonly terms: Readonly<Record<string, number>>;
      readonly stepsPerSecond: number;
    };

export type Weights = Readonly<Record<string, Tensor>>;

/** A student with its heads, and what it learned to predict. */
export type Student = { readonly weights: Weights; readonly targets: readonly TargetMap[] };

/** How many samples batch `step` may be drawn from: their number grows, so that teachers start no long wait. */
function samplesAt(step: number, { firstSamples = FIRST_SAMPLES }: DistilOptions): number {
  return firstSamples + Math.ceil(step / STEPS_PER_SAMPLE);
}

/** Numbers of the samples of a step: the newest one when it is new, and random older ones. */
function samplesOf(step: number, options: DistilOptions): number[] {
  const { batch, seed } = options;
  const count = samplesAt(step, options);
  const random = createRandom(mixSeed(seed, "batch", step));
  const isNew = step > 0 && count > samplesAt(step - 1, options);
  return Array.from({ length: batch }, (_, place) =>
    place === 0 && isNew ? count - 1 : random.integer(count),
  );
}

function feedsOf(samples: readonly DistillationSample[], targets: readonly TargetMap[]) {
  const batch = samples.length;
  const bytes = samples[0]?.pixels.length ?? 0;
  const pixels = new Uint8Array(batch * bytes);
  for (const [place, sample] of samples.entries()) pixels.set(sample.pixels, place * bytes);
  const side = Math.sqrt(bytes / 3);
  const feeds: Record<string, Tensor> = {
    pixels: tensor("uint8", [batch, side, side, 3], pixels),
  };
  for (const [index, { channels }] of targets.entries()) {
    const size = samples[0]?.targets[index]?.length ?? 0;
    const values = new Uint16Array(batch * size);
    for (const [place, sample] of samples.entries()) {
      values.set(sample.targets[index] ?? [], place * size);
    }
    feeds[`target${index}`] = tensor("float16", [batch, size / channels, channels], values);
  }
  return feeds;
}

async function* measure(
  store: SampleStore,
  targets: readonly TargetMap[],
  { firstSamples = FIRST_SAMPLES, signal }: DistilOptions,
): AsyncGenerator<DistilEvent, LayerStatistics[], void> {
  // One for each target, as their tokens are counted apart.
  const statistics = targets.map(({ channels }) => new ChannelStatistics([channels]));
  const numbers = Array.from({ length: firstSamples }, (_, index) => index);
  let done = 0;
  for await (const sample of mapAhead(numbers, 2, (index) => store.sample(index))) {
    signal.throwIfAborted();
    for (const [index, map] of sample.targets.entries()) statistics[index]?.add([map]);
    yield { type: "samples", done: ++done, total: firstSamples };
  }
  return statistics.flatMap((each) => each.value());
}

function checkOptions({ steps, batch, learningRate }: DistilOptions): void {
  for (const [name, value] of Object.entries({ steps, batch })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new Error(`Expected a whole number of at least 1 for ${name}, got ${value}.`);
    }
  }
  if (!(learningRate > 0 && learningRate < 1))
    throw new Error(`Expected a learning rate between 0 and 1, got ${learningRate}.`);
}

/** Weights between two layers of the trunk: not those that read pixels, nor those that end in a loss. */
function isInnerMatrix(parameter: Value): boolean {
  if (!isKind(parameter, "parameter") || parameter.shape.length !== 2) return false;
  return /^(stem\/block|fine|deep)/.test(parameter.attrs.name);
}

/** Everything but the number of steps decides the run, so that a run can be made longer. */
function configurationOf(options: DistilOptions, store: SampleStore): string {
  const { batch, seed, learningRate, firstSamples, start = {} } = options;
  const hash = createHash("sha256").update(
    JSON.stringify({
      // The names of the first version, so that its checkpoints go on.
      lessons: store.hash,
      batch,
      seed,
      rate: learningRate,
      firstLessons: firstSamples,
    }),
  );
  for (const [name, { data }] of Object.entries(start)) {
    hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest("hex");
}

async function* takeSteps(
  session: TrainingSession,
  run: { options: DistilOptions; store: SampleStore; targets: readonly TargetMap[]; from: number },
): AsyncGenerator<DistilEvent, void, void> {
  const { options, store, targets, from } = run;
  const { steps, signal, checkpointFile: path, checkpointEverySteps } = options;
  const configuration = configurationOf(options, store);
  const learningRateAt = warmUpLinear({
    peak: options.learningRate,
    steps,
    warmUpSteps: WARM_UP_STEPS,
    decaySteps: Math.ceil(steps * DECAY_SHARE),
  });
  const numbers = Array.from({ length: Math.max(0, steps - from) }, (_, index) => from + index);
  const batches = mapAhead(numbers, 3, async (step) => ({
    step,
    samples: await Promise.all(samplesOf(step, options).map((index) => store.sample(index))),
  }));
  const pace = new StepPace();
  let saved = from;
  const save = async (step: number): Promise<DistilEvent> => {
    const state = await session.readState();
    await writeDistilCheckpoint(path, configuration, state);
    saved = step;
    return { type: "checkpoint", step, student: { weights: state.tensors, targets } };
  };
  for await (const { step, samples } of batches) {
    if (signal.aborted) {
      if (step > saved) yield await save(step);
      signal.throwIfAborted();
    }
    const feeds = feedsOf(samples, targets);
    const { loss, terms } = await session.step({ learningRate: learningRateAt(step), feeds });
    const done = step + 1;
    yield { type: "step", step: done, loss, terms, stepsPerSecond: pace.tick() };
    if (done % checkpointEverySteps === 0 || done === steps) {
      yield await save(done);
      pace.pause();
    }
  }
}

/**
 * Teach a small encoder to predict the token maps of larger ones.
 *
 * Crops, batches and weights are functions of the options, and the checkpoint holds the whole
 * state: a run that was cut off goes on exactly where it was. `steps` may grow or shrink between
 * the parts of a run; the learning rate falls to 0 over the last 35 % of them.
 *
 * @throws the signal's reason when aborted, after a checkpoint; one sentence when a teacher is missing
 */
export async function* distil(options: DistilOptions): AsyncGenerator<DistilEvent, Student, void> {
  checkOptions(options);
  const { batch, seed, threads } = options;
  const teachers = await Teachers.open(options.teachers, threads);
  try {
    const { targets } = teachers;
    const store = await SampleStore.open(teachers, options);
    const statistics = yield* measure(store, targets, options);
    const parameters = createParameters(seed, options.start);
    const { loss, terms } = studentLoss(parameters, batch, { targets, statistics });
    const all = parameters.all();
    const program = trainingGraph({
      loss,
      terms,
      parameters: [
        { parameters: all.filter(({ shape }) => shape.length > 1) },
        { parameters: all.filter(({ shape }) => shape.length === 1), decay: 0 },
      ],
      optimiser: muon({ decay: WEIGHT_DECAY, isMatrix: isInnerMatrix }),
      clipNorm: CLIP_NORM,
    });
    const session = await openTrainingSession(program, { provider: "cpu", threads, seed });
    try {
      const found = await readDistilCheckpoint(
        options.checkpointFile,
        configurationOf(options, store),
      );
      if (found !== null) {
        await session.loadState(found);
        yield { type: "resumed", step: found.step };
      }
      yield* takeSteps(session, { options, store, targets, from: found?.step ?? 0 });
      const weights = await session.read(all.map(({ attrs }) => attrs.name));
      return { weights, targets };
    } finally {
      await session.close();
    }
  } finally {
    await teachers.close();
  }
}
