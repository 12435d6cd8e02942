import type { Feeds, GradientMethod, MethodData } from "../methods/method.ts";
import { createParameters, type Parameters } from "../nn/index.ts";
import {
  DivergedError,
  openTrainingSession,
  type TrainingProgram,
  type TrainingSession,
} from "../session/index.ts";
import { mixSeed, type Tensor } from "../tensor/index.ts";
import { type Checkpoint, type Progress, readCheckpoint, writeCheckpoint } from "./checkpoint.ts";
import { feedsFor, graphRunner } from "./graph-runner.ts";
import { ProbeViewer } from "./probe-viewer.ts";
import { programOf } from "./program-of.ts";
import { finalizedWeights } from "./finalized-weights.ts";
import { withInitialValues } from "./with-initial-values.ts";
import { StepPace } from "./step-pace.ts";
import type { TrainEvent } from "./train-events.ts";
import { trainingBatches } from "./training-batches.ts";
import { configurationOf, type TrainingSetup } from "./training-setup.ts";

const CHECKPOINT_EVERY_STEPS = 50;
const PROBE_EVERY_STEPS = 25;
/** Share of the steps, at the end, whose mean loss is the run's loss. */
const TAIL_SHARE = 0.1;

type Setup = TrainingSetup<GradientMethod>;

type Run = {
  readonly setup: Setup;
  readonly parameters: Parameters;
  readonly program: TrainingProgram;
  readonly session: TrainingSession;
  readonly configuration: string;
  readonly probes: ProbeViewer;
};

type Trained = { readonly weights: Readonly<Record<string, Tensor>>; readonly loss: number };

function methodData(setup: Setup): MethodData {
  const { seed, provider, batch, signal } = setup.options;
  return {
    ...graphRunner(provider),
    seed,
    async *batches(count): AsyncGenerator<Feeds, void, void> {
      // An order of its own: what is measured before training should not be what comes first in it.
      const order = { batch, seed: mixSeed(seed, "prepare"), from: 0, to: count };
      for await (const { feeds } of trainingBatches(setup.prepared, order)) {
        signal.throwIfAborted();
        yield feeds;
      }
    },
  };
}

async function openRun(setup: Setup): Promise<{ run: Run; found: Checkpoint | null }> {
  const { method, context, options } = setup;
  const { seed, provider, checkpointDir } = options;
  const parameters = createParameters(seed);
  const program = programOf(method, parameters, context);
  const configuration = configurationOf(setup);
  const found = await readCheckpoint(checkpointDir, configuration);
  const measured =
    found === null ? await method.prepare?.(parameters, context, methodData(setup)) : undefined;
  const session = await openTrainingSession(withInitialValues(program, measured ?? {}), {
    provider,
    seed,
  });
  const probes = new ProbeViewer(setup);
  return { run: { setup, parameters, program, session, configuration, probes }, found };
}

async function saveCheckpoint(run: Run, tail: Progress["tail"]): Promise<TrainEvent> {
  const { step, tensors } = await run.session.readState();
  const { checkpointDir } = run.setup.options;
  const checkpoint = { progress: { step, tail }, state: { ...tensors } };
  try {
    await writeCheckpoint(checkpointDir, run.configuration, checkpoint);
    return { type: "checkpoint", step };
  } catch (error) {
    // A full disk costs the way back, not the way on: the checkpoint before this one is still whole.
    return {
      type: "unsaved",
      step,
      reason: error instanceof Error ? error.message : String(error),
    };
  }
}

function lastGood(savedStep: number): string {
  return savedStep > 0
    ? `The last good checkpoint is that of step ${savedStep}.`
    : "There is no checkpoint before it.";
}

function divergence(error: DivergedError, savedStep: number): Error {
  const what = error.term === "loss" ? "the loss" : `the term ${error.term}`;
  return new Error(
    `Training diverged: ${what} became ${error.value} at step ${error.step + 1}. ` +
      `${lastGood(savedStep)} Lower the learning rate and start anew.`,
    { cause: error },
  );
}

function weightsOf(run: Run): Promise<Record<string, Tensor>> {
  return finalizedWeights(run.setup, run.parameters, (names) => run.session.read(names));
}

/** All steps that are left. @returns the mean loss at the end */
async function* takeSteps(run: Run, from: Progress): AsyncGenerator<TrainEvent, number, void> {
  const { setup, session, program } = run;
  const { options, method, prepared } = setup;
  const { steps, batch, seed, signal } = options;
  const checkpointEvery = options.checkpointEverySteps ?? CHECKPOINT_EVERY_STEPS;
  const probeEvery = options.probeEverySteps ?? PROBE_EVERY_STEPS;
  const learningRateAt = method.schedule.learningRate(steps);
  const tail = { ...from.tail };
  const tailFrom = Math.min(steps - 1, Math.ceil(steps * (1 - TAIL_SHARE)));
  let done = from.step;
  let saved = from.step;

  const pace = new StepPace();
  const batches = trainingBatches(prepared, { batch, seed, from: done, to: steps });
  for await (const { step, feeds } of batches) {
    if (signal.aborted) {
      if (done > saved) yield await saveCheckpoint(run, tail);
      signal.throwIfAborted();
    }
    const { loss, terms } = await session
      .step({ learningRate: learningRateAt(step), feeds: feedsFor(feeds, program.inputNames) })
      .catch((error: unknown) => {
        throw error instanceof DivergedError ? divergence(error, saved) : error;
      });
    done = step + 1;
    if (step >= tailFrom) {
      tail.sum += loss;
      tail.count++;
    }
    const stepsPerSecond = pace.tick();
    const secondsLeft = (steps - done) / stepsPerSecond;
    const told = { loss, terms: { ...terms }, stepsPerSecond, secondsLeft };
    yield { type: "step", step: done, steps, ...told };
    const complaint = method.guard?.(terms, done) ?? null;
    if (complaint !== null) throw new Error(`${complaint} ${lastGood(saved)}`);

    const isLast = done === steps;
    if (prepared.probes.length > 0 && (done === 1 || done % probeEvery === 0 || isLast)) {
      yield { type: "probe", step: done, images: await run.probes.view(await weightsOf(run)) };
    }
    if (done % checkpointEvery === 0 || isLast) {
      const outcome = await saveCheckpoint(run, tail);
      yield outcome;
      if (outcome.type === "checkpoint") saved = done;
    }
    pace.pause();
  }
  return tail.sum / Math.max(1, tail.count);
}

/**
 * Train a method's weights, from its checkpoint when there is one of the same configuration.
 *
 * @throws the signal's reason when aborted, after a checkpoint; an error that names step, term and
 *   last good checkpoint when the loss is no longer a number
 */
export async function* trainGradient(setup: Setup): AsyncGenerator<TrainEvent, Trained, void> {
  yield { type: "stage", stage: "training", done: 0, total: setup.options.steps };
  const { run, found } = await openRun(setup);
  try {
    if (found !== null) {
      await run.session.loadState({ step: found.progress.step, tensors: found.state });
      yield { type: "resumed", step: found.progress.step };
    }
    const start = found?.progress ?? { step: 0, tail: { sum: 0, count: 0 } };
    const loss = yield* takeSteps(run, start);
    return { weights: await weightsOf(run), loss };
  } finally {
    await run.probes.close();
    await run.session.close();
  }
}
