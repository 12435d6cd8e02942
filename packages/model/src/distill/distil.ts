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
import { type Lesson, LessonStore } from "./lesson-store.ts";
import { studentLoss } from "./student-loss.ts";
import { type TargetMap, Teachers } from "./teachers.ts";

/** Crops from which a run starts, unless told otherwise. */
const FIRST_LESSONS = 160;
/** Steps a new crop lasts: teachers cost about as much as the student's step. */
const STEPS_PER_LESSON = 2;
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
  readonly rate: number;
  /** What teachers said to each crop is kept here. */
  readonly cacheDir: string;
  /** The run's state; a run that finds it with the same options goes on from there. */
  readonly checkpointFile: string;
  readonly checkpointEverySteps: number;
  readonly threads: number;
  /** Weights to begin with instead of random ones, where name and shape fit. */
  readonly start?: Weights;
  /** Crops over which the teachers' channels are measured, and that the first batches draw from. */
  readonly firstLessons?: number;
  readonly signal: AbortSignal;
};

export type DistilEvent =
  | { readonly type: "lessons"; readonly done: number; readonly total: number }
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

/** Lessons that batch `step` may be drawn from: their number grows, so that teachers start no long wait. */
function lessonsAt(step: number, { firstLessons = FIRST_LESSONS }: DistilOptions): number {
  return firstLessons + Math.ceil(step / STEPS_PER_LESSON);
}

/** Numbers of the lessons of a step: the newest one when it is new, and random older ones. */
function lessonsOf(step: number, options: DistilOptions): number[] {
  const { batch, seed } = options;
  const count = lessonsAt(step, options);
  const random = createRandom(mixSeed(seed, "batch", step));
  const isNew = step > 0 && count > lessonsAt(step - 1, options);
  return Array.from({ length: batch }, (_, place) =>
    place === 0 && isNew ? count - 1 : random.integer(count),
  );
}

function feedsOf(lessons: readonly Lesson[], targets: readonly TargetMap[]) {
  const batch = lessons.length;
  const bytes = lessons[0]?.pixels.length ?? 0;
  const pixels = new Uint8Array(batch * bytes);
  for (const [place, lesson] of lessons.entries()) pixels.set(lesson.pixels, place * bytes);
  const side = Math.sqrt(bytes / 3);
  const feeds: Record<string, Tensor> = {
    pixels: tensor("uint8", [batch, side, side, 3], pixels),
  };
  for (const [index, { channels }] of targets.entries()) {
    const size = lessons[0]?.targets[index]?.length ?? 0;
    const values = new Uint16Array(batch * size);
    for (const [place, lesson] of lessons.entries()) {
      values.set(lesson.targets[index] ?? [], place * size);
    }
    feeds[`target${index}`] = tensor("float16", [batch, size / channels, channels], values);
  }
  return feeds;
}

async function* measure(
  store: LessonStore,
  targets: readonly TargetMap[],
  { firstLessons = FIRST_LESSONS, signal }: DistilOptions,
): AsyncGenerator<DistilEvent, LayerStatistics[], void> {
  // One for each target, as their tokens are counted apart.
  const statistics = targets.map(({ channels }) => new ChannelStatistics([channels]));
  const numbers = Array.from({ length: firstLessons }, (_, index) => index);
  let done = 0;
  for await (const lesson of mapAhead(numbers, 2, (index) => store.lesson(index))) {
    signal.throwIfAborted();
    for (const [index, map] of lesson.targets.entries()) statistics[index]?.add([map]);
    yield { type: "lessons", done: ++done, total: firstLessons };
  }
  return statistics.flatMap((each) => each.value());
}

function checkOptions({ steps, batch, rate }: DistilOptions): void {
  for (const [name, value] of Object.entries({ steps, batch })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new Error(`Expected a whole number of at least 1 for ${name}, got ${value}.`);
    }
  }
  if (!(rate > 0 && rate < 1)) throw new Error(`Expected a rate between 0 and 1, got ${rate}.`);
}

/** Weights between two layers of the trunk: not those that read pixels, nor those that end in a loss. */
function isInnerMatrix(parameter: Value): boolean {
  if (!isKind(parameter, "parameter") || parameter.shape.length !== 2) return false;
  return /^(stem\/block|fine|deep)/.test(parameter.attrs.name);
}

/** Everything but the number of steps decides the run, so that a run can be made longer. */
function configurationOf(options: DistilOptions, store: LessonStore): string {
  const { batch, seed, rate, firstLessons, start = {} } = options;
  const hash = createHash("sha256").update(
    JSON.stringify({ lessons: store.hash, batch, seed, rate, firstLessons }),
  );
  for (const [name, { data }] of Object.entries(start)) {
    hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest("hex");
}

async function* takeSteps(
  session: TrainingSession,
  run: { options: DistilOptions; store: LessonStore; targets: readonly TargetMap[]; from: number },
): AsyncGenerator<DistilEvent, void, void> {
  const { options, store, targets, from } = run;
  const { steps, signal, checkpointFile: path, checkpointEverySteps } = options;
  const configuration = configurationOf(options, store);
  const rate = warmUpLinear({
    peak: options.rate,
    steps,
    warmUpSteps: WARM_UP_STEPS,
    decaySteps: Math.ceil(steps * DECAY_SHARE),
  });
  const numbers = Array.from({ length: Math.max(0, steps - from) }, (_, index) => from + index);
  const batches = mapAhead(numbers, 3, async (step) => ({
    step,
    lessons: await Promise.all(lessonsOf(step, options).map((index) => store.lesson(index))),
  }));
  const pace = new StepPace();
  let saved = from;
  const save = async (step: number): Promise<DistilEvent> => {
    const state = await session.readState();
    await writeDistilCheckpoint(path, configuration, state);
    saved = step;
    return { type: "checkpoint", step, student: { weights: state.tensors, targets } };
  };
  for await (const { step, lessons } of batches) {
    if (signal.aborted) {
      if (step > saved) yield await save(step);
      signal.throwIfAborted();
    }
    const feeds = feedsOf(lessons, targets);
    const { loss, terms } = await session.step({ rate: rate(step), feeds });
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
    const store = await LessonStore.open(teachers, options);
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
