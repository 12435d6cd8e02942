import { stat } from "node:fs/promises";

import { findStorageFault } from "@loupe/contracts";
import type { DatasetItemRow } from "@loupe/db";
import {
  type EncoderInfo,
  type InputImage,
  listEncoders,
  METHODS,
  type MethodName,
} from "@loupe/model";

import { ComputeError } from "../compute/compute-error.ts";
import type { ComputeTasks, TrainNews } from "../compute/compute-tasks.ts";
import { CurveWriter } from "./curve-writer.ts";
import { locateImage } from "./locate-images.ts";
import { pickProbes } from "./pick-probes.ts";
import { planProbes, type ProbePlan } from "./plan-probes.ts";
import { resumeCurve } from "./resume-curve.ts";
import { RunInterrupted } from "./run-interrupted.ts";
import type { RunJob } from "./run-job.ts";
import type { StageReporter } from "./stage-reporter.ts";
import { storeProbes } from "./store-probes.ts";

/**
 * Train until the model file is there, telling everything on the way.
 *
 * A file that an earlier delivery has finished is taken as it is.
 *
 * @throws ComputeError with a sentence for the person who started the run; the signal's reason
 */
export async function trainStage(job: RunJob, stages: StageReporter): Promise<void> {
  const { run, folder } = job;
  await stages.report({ status: "caching_features", stageDone: 0, stageTotal: 0 });
  if (await exists(folder.model)) {
    if (job.isTakenOver) await resumeCurve(job, run.steps);
    await stages.report({ status: "training", stageDone: run.steps, stageTotal: run.steps });
    return;
  }

  await recordFacts(job);
  const pictures = pickPictures(job);
  const keys = [...pictures.train, ...pictures.probes].map(({ sha256 }) => sha256);
  await job.services.blobs.withLocalFiles(keys, (locate) =>
    trainOn(job, stages, {
      train: pictures.train.map((item) => locateImage(locate, item)),
      probes: pictures.probes.map((item) => locateImage(locate, item)),
    }),
  );
}

/** Good pictures to learn from, and a few of the others to show how it learns. */
type Pictures<T> = { readonly train: readonly T[]; readonly probes: readonly T[] };

function pickPictures({ items }: RunJob): Pictures<DatasetItemRow> {
  const train = items.filter(({ split, label }) => split === "train" && label === "good");
  return { train, probes: pickProbes(items) };
}

async function trainOn(
  job: RunJob,
  stages: StageReporter,
  pictures: Pictures<InputImage>,
): Promise<void> {
  const { services, lease, run, thread, signal } = job;
  const probes = planProbes(run.steps);
  const input = await describeTraining(job, pictures, probes);
  const curve = new CurveWriter({
    db: services.db,
    telemetry: services.telemetry,
    lease,
    projectId: run.projectId,
    steps: run.steps,
    onFailure: job.abort,
  });
  const follower = new TrainFollower(job, { stages, curve, probes });
  try {
    const news = thread.run("train", input, signal);
    for await (const item of news) await follower.follow(item);
    await curve.flush();
    await follower.forgetWorry();
  } catch (error) {
    // A run that stops keeps what it has seen, up to the checkpoint that it leaves and beyond.
    await curve.flush().catch(() => curve.discard());
    throw error;
  }
}

/** Put on the run what only its worker knows, and what should worry people about it. */
async function recordFacts(
  { services, lease, run }: RunJob,
  worry: string | null = null,
): Promise<void> {
  const encoder = await requireEncoder(run.encoder);
  const fact = services.devices().find(({ provider }) => provider === run.provider);
  await services.db.runs.recordFacts(lease, {
    note:
      [worry, METHODS[requireMethod(run.method)].note(encoder)]
        .filter((part) => part !== null)
        .join(" ") || null,
    device: fact?.device ?? null,
  });
}

async function describeTraining(
  { services: { folders, signingKeyFile }, run, folder }: RunJob,
  pictures: Pictures<InputImage>,
  probes: ProbePlan,
): Promise<ComputeTasks["train"]["input"]> {
  return {
    options: {
      images: pictures.train,
      probes: pictures.probes,
      method: requireMethod(run.method),
      encoder: (await requireEncoder(run.encoder)).name,
      steps: run.steps,
      batch: run.batch,
      seed: run.seed,
      provider: run.provider,
      settings: run.settings,
      cacheDir: folders.features,
      checkpointDir: folder.checkpoints,
      outFile: folder.model,
      signingKeyFile,
      probeEverySteps: probes.everySteps,
    },
    journalFile: folder.journal,
  };
}

function requireMethod(name: string): MethodName {
  if (name in METHODS) return name as MethodName;
  const known = Object.keys(METHODS).join(", ");
  throw new ComputeError({ message: `Expected one of the methods ${known}, got ${name}.` });
}

/** Names only: a path would let whoever starts a run make the worker read any folder. */
async function requireEncoder(name: string): Promise<EncoderInfo> {
  const encoders = await listEncoders();
  const found = encoders.find((encoder) => encoder.name === name);
  if (found !== undefined) return found;
  const known = encoders.map((encoder) => encoder.name);
  const hint =
    known.length === 0
      ? "This worker has no encoder: put one into a folder and set LOUPE_ENCODERS to it."
      : `This worker has ${known.join(", ")}.`;
  throw new ComputeError({ message: `There is no encoder named ${name}. ${hint}` });
}

type FollowerParts = {
  readonly stages: StageReporter;
  readonly curve: CurveWriter;
  readonly probes: ProbePlan;
};

/** Turns what the training tells into rows, events and telemetry. */
class TrainFollower {
  readonly #job: RunJob;
  readonly #parts: FollowerParts;
  #hasCurve = false;
  #isUnsaved = false;

  constructor(job: RunJob, parts: FollowerParts) {
    this.#job = job;
    this.#parts = parts;
  }

  async follow(news: TrainNews): Promise<void> {
    const { stages, curve, probes } = this.#parts;
    switch (news.type) {
      case "stage":
        await curve.flush();
        await stages.report({
          status: STATUS_OF_STAGE[news.stage],
          stageDone: news.done,
          stageTotal: news.total,
        });
        return;
      case "resumed":
        this.#hasCurve = true;
        await resumeCurve(this.#job, news.step);
        return;
      case "step":
        await this.#followStep(news);
        return;
      case "probe":
        await curve.flush();
        if (probes.isKept(news.step)) await this.#followProbe(news);
        return;
      case "checkpoint":
        await curve.flush();
        await recordCheckpoint(this.#job, news.step);
        await this.forgetWorry();
        return;
      case "unsaved":
        await this.#followUnsaved(news);
        return;
    }
  }

  /** What could not be saved for a while is safe by now. */
  async forgetWorry(): Promise<void> {
    if (this.#isUnsaved) await recordFacts(this.#job);
    this.#isUnsaved = false;
  }

  async #followUnsaved({ step, reason }: Extract<TrainNews, { type: "unsaved" }>): Promise<void> {
    this.#job.logger.warn({ step, reason }, "checkpoint not written; training goes on");
    if (this.#isUnsaved) return;
    this.#isUnsaved = true;
    const worry = `The checkpoint of step ${step} could not be written (${reason}): should the worker stop, what it has learned since the one before is lost. Make room on its disk.`;
    await recordFacts(this.#job, worry);
  }

  /** Pictures of how it learns are not worth the run. */
  async #followProbe(news: Extract<TrainNews, { type: "probe" }>): Promise<void> {
    try {
      await storeProbes(this.#job, news);
    } catch (error) {
      if (findStorageFault(error) === null) throw error;
      this.#job.logger.warn({ err: error, step: news.step }, "probe maps not stored");
    }
  }

  async #followStep(news: Extract<TrainNews, { type: "step" }>): Promise<void> {
    if (!this.#hasCurve && this.#job.isTakenOver) await resumeCurve(this.#job, 0);
    this.#hasCurve = true;
    const { step, loss, terms, stepsPerSecond, secondsLeft } = news;
    this.#parts.curve.add({ step, loss, terms }, { stepsPerSecond, secondsLeft });
    // Not before a step that it has made itself, so that every turn comes further; and not behind
    // the last one, where nothing is left that is worth a turn.
    const { run, isTurnOver, abort } = this.#job;
    if (step < run.steps && isTurnOver()) abort(new RunInterrupted("turn-over"));
  }
}

async function recordCheckpoint({ services, lease, run }: RunJob, step: number): Promise<void> {
  await services.db.runs.recordCheckpoint(lease, step);
  const body = { type: "run.checkpoint", runId: run.id, attempt: lease.token, step } as const;
  services.telemetry.tell({ projectId: run.projectId, body });
}

/** Calibrating scores training images with the finished weights: to people, part of evaluating. */
const STATUS_OF_STAGE = {
  encoding: "caching_features",
  training: "training",
  calibrating: "evaluating",
} as const;

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}
