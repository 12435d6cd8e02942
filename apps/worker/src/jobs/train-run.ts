import { mkdir, rm } from "node:fs/promises";

import { endRun } from "@loupe/application";
import { isAppError, isFinalRunStatus, type JobPayload, type RunView } from "@loupe/contracts";
import type { ClaimedRun, DatasetItemRow } from "@loupe/db";
import { enqueue, type JobContext } from "@loupe/platform";

import { clock as systemClock } from "../clock.ts";
import { ComputeError } from "../compute/compute-error.ts";
import { ComputeThread } from "../compute/compute-thread.ts";
import { DISK_FULL, isDiskFull } from "../is-disk-full.ts";
import { completeRun } from "../training/complete-run.ts";
import { evaluateStage } from "../training/evaluate-stage.ts";
import { LeaseKeeper } from "../training/lease-keeper.ts";
import { runFolder } from "../training/run-folder.ts";
import { RunInterrupted } from "../training/run-interrupted.ts";
import type { RunJob } from "../training/run-job.ts";
import { StageReporter } from "../training/stage-reporter.ts";
import { trainStage } from "../training/train-stage.ts";
import type { WorkerServices } from "../worker-services.ts";

/** So long a run trains before others have their turn. It goes on from the checkpoint that it leaves. */
const TURN_MS = 30 * 60_000;

/**
 * Train one run to its end, or until its turn is over.
 *
 * Delivered at least once. A worker that dies is followed by another, which claims the row with a
 * new token, resumes from the last checkpoint and finishes once; whatever the first one might still
 * write is refused by its old token.
 */
export async function trainRun(
  services: WorkerServices,
  { runId }: JobPayload<"run.train">,
  context: JobContext,
): Promise<void> {
  const claimed = await services.db.runs.claim(runId, services.workerId);
  if (claimed === null) {
    const run = await services.db.runs.find(runId);
    if (run === null || isFinalRunStatus(run.status)) return;
    throw new Error(
      `Run ${runId} is held by ${run.worker ?? "another worker"}; trying again later`,
    );
  }
  const isOver = await runClaimed(services, claimed, context);
  if (isOver) {
    await rm(runFolder(services.folders, runId).root, { recursive: true, force: true });
  }
}

/** Work on a claimed run. True when nothing of its folder will be needed again. */
async function runClaimed(
  services: WorkerServices,
  claimed: ClaimedRun,
  context: JobContext,
): Promise<boolean> {
  const { logger } = context;
  const keeper = new LeaseKeeper({ db: services.db, lease: claimed.lease, logger });
  const abort = new AbortController();
  const signal = AbortSignal.any([context.signal, keeper.signal, abort.signal]);
  const thread = new ComputeThread();
  const { clock = systemClock } = services;
  const startedAtMs = clock.nowMs();
  const endWatch = services.trainings.begin();
  try {
    const folder = runFolder(services.folders, claimed.run.id);
    await mkdir(folder.checkpoints, { recursive: true });
    const items = await listItems(services, claimed.run);
    const own = { items, folder, thread, signal, logger };
    await runToItsEnd({
      services,
      ...claimed,
      ...own,
      abort: (reason) => {
        abort.abort(reason);
      },
      isTurnOver: () => clock.nowMs() - startedAtMs >= TURN_MS,
    });
    return true;
  } catch (error) {
    const cause: unknown = signal.aborted ? signal.reason : error;
    return await settleFailure({ services, claimed, context }, cause);
  } finally {
    keeper.stop();
    endWatch();
    await thread.close();
  }
}

/** What the run learns from and is measured on: its version, or the one category of it. */
async function listItems({ db }: WorkerServices, run: RunView): Promise<DatasetItemRow[]> {
  const items = await db.datasets.items(run.datasetVersion.id);
  return run.category === null ? items : items.filter(({ category }) => category === run.category);
}

async function runToItsEnd(job: RunJob): Promise<void> {
  const stages = new StageReporter(job);
  await trainStage(job, stages);
  const evaluation = await evaluateStage(job, stages);
  job.signal.throwIfAborted();
  await completeRun(job, evaluation);
}

type FailedDelivery = {
  readonly services: WorkerServices;
  readonly claimed: ClaimedRun;
  readonly context: JobContext;
};

/**
 * Record why a run stopped, or throw so that the job is delivered again.
 *
 * @returns true when the run's folder can go; that of a failed run stays for a look at it
 */
async function settleFailure(delivery: FailedDelivery, cause: unknown): Promise<boolean> {
  const { services, claimed, context } = delivery;
  const { logger } = context;
  if (isLost(cause)) {
    logger.warn({ err: cause }, "run lost to another worker");
    // Never as an AppError: the queue would take it for the end of a job that goes on elsewhere.
    throw cause instanceof RunInterrupted ? cause : new RunInterrupted("lost");
  }
  if (cause instanceof RunInterrupted && cause.interruption === "turn-over") {
    logger.info("the run's turn is over: it goes on in its next one");
    await leaveToNextTurn(services, claimed);
    return false;
  }
  if (cause instanceof RunInterrupted) {
    await endRun(services, claimed, { status: "cancelled" });
    return true;
  }
  if (isDiskFull(cause)) {
    logger.warn({ err: cause }, "run failed for want of room");
    await endRun(services, claimed, { status: "failed", error: DISK_FULL });
    // What it kept takes room that others need.
    return true;
  }
  if (cause instanceof ComputeError || isAppError(cause)) {
    logger.warn({ err: cause }, "run failed");
    await endRun(services, claimed, { status: "failed", error: cause.message });
    return false;
  }
  if (context.isLastAttempt && !context.signal.aborted) {
    const error = "The run stopped again and again because of a fault on our side. Start it anew.";
    await endRun(services, claimed, { status: "failed", error });
    throw cause;
  }
  logger.info({ err: cause }, "run put back to be continued");
  await services.db.runs.releaseLeasesOf(services.workerId);
  throw cause;
}

/** The run is free and its next job there in one moment: no worker finds the one without the other. */
async function leaveToNextTurn(
  { db }: WorkerServices,
  { lease, run, organisationId }: ClaimedRun,
): Promise<void> {
  const job = { name: "run.train", organisationId, provider: run.provider } as const;
  await db.transaction(async (tx) => {
    await tx.runs.release(lease);
    await enqueue(tx.sql, job, { runId: run.id });
  });
}

/** Another worker holds the run: nothing of it may be written here any more. */
function isLost(cause: unknown): boolean {
  return (
    (cause instanceof RunInterrupted && cause.interruption === "lost") ||
    (isAppError(cause) && cause.code === "RUN_STATUS_CHANGED")
  );
}
