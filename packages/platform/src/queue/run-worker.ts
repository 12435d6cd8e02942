import {
  ComputeProvider,
  isAppError,
  JOBS,
  type JobName,
  type JobPayload,
  type WorkerLane,
} from "@loupe/contracts";
import { EventEmitter } from "node:events";

import { type JobHelpers, Logger as GraphileLogger, run, type WorkerEvents } from "graphile-worker";
import type { Pool } from "pg";
import type { Logger } from "pino";
import { z } from "zod";

import { withBlame } from "../lifecycle/stray-errors.ts";
import { handBackJob } from "./hand-back-job.ts";
import { findOrganisationFlag, findWorkerLane, providerFlag, workerLaneFlag } from "./job-flags.ts";
import { type Routine, routineTasks, routineTimes } from "./routines.ts";
import { Shares } from "./shares.ts";

export type JobContext = {
  readonly jobId: string;
  /** 1 for the first delivery. Deliveries that a killed worker never finished count. */
  readonly attempt: number;
  readonly isLastAttempt: boolean;
  /**
   * Aborts when the process has been asked to stop and jobs should come to an end, and when the job
   * has thrown an error outside of its promise and so has failed already.
   */
  readonly signal: AbortSignal;
  /** Carries the job's name and id. */
  readonly logger: Logger;
};

export type JobHandler<N extends JobName> = (
  payload: JobPayload<N>,
  context: JobContext,
) => Promise<void>;

export type JobHandlers = { readonly [N in JobName]: JobHandler<N> };

export type WorkerOptions = {
  readonly pool: Pool;
  readonly handlers: JobHandlers;
  /** What is due by the clock; none unless told. */
  readonly routines?: readonly Routine[];
  /** Jobs at once in this process. */
  readonly concurrency: number;
  readonly logger: Logger;
  /** What this process can compute on at the moment; jobs that need anything else are left to others. */
  readonly providers: () => readonly ComputeProvider[];
  /**
   * Hears the ids under which this process locks jobs before the first job starts, so that
   * they are on record should it die: see `releaseDeadWorkers`.
   */
  readonly onIds?: (graphileIds: readonly string[]) => Promise<void>;
};

export interface QueueWorker {
  /** Ids under which this process locks jobs. */
  readonly graphileIds: readonly string[];
  /** Settles when the worker has ended; rejects when it ended by itself, such as on a lost database. */
  readonly ended: Promise<void>;
  /**
   * Take no more jobs, abort the signals of those under way, and wait for them.
   * Those that throw because of it are delivered again at once, and it does not count as an attempt:
   * only for a fault, which one of them may have caused and would cause again and again.
   */
  stop(reason?: { readonly isFault: boolean }): Promise<void>;
}

/** A job that has failed by a stray error and does not end by its signal is left behind after this. */
const STRAY_PATIENCE_MS = 10_000;

/** The most that a lost notification can delay a job. */
const POLL_INTERVAL_MS = 2_000;

/**
 * Work off the queue with one handler for each job name.
 *
 * A handler that throws is tried again later, until its attempts run out. An
 * expected failure (`AppError`) or a payload that does not fit ends the job for
 * good: trying again would not change it.
 */
export async function runWorker(options: WorkerOptions): Promise<QueueWorker> {
  const { pool, logger, routines = [] } = options;
  const stopping = new AbortController();
  const interrupted = new Map<string, number>();
  const ids = new Set<string>();
  const events: WorkerEvents = new EventEmitter();
  events.on("pool:create", ({ workerPool }) => ids.add(workerPool.id));
  events.on("worker:create", ({ worker }) => ids.add(worker.workerId));

  let announce: () => void = () => undefined;
  const announced = new Promise<void>((resolve) => (announce = resolve));
  const session: Session = {
    signal: stopping.signal,
    logger,
    announced,
    busyLanes: new Set(),
    // One place is always left for somebody else.
    shares: new Shares(Math.max(1, options.concurrency - 1)),
    isFault: false,
    noteInterruption: (jobId, attempt) => interrupted.set(jobId, attempt),
    handBack: (jobId, attempt) => handBackJob(pool, { jobId, attempt, graphileIds: [...ids] }),
  };
  const forbiddenFlags = (): string[] => {
    const providers = options.providers();
    const lacking = ComputeProvider.options.filter((provider) => !providers.includes(provider));
    return [
      ...lacking.map(providerFlag),
      ...[...session.busyLanes].map(workerLaneFlag),
      ...session.shares.listFull(),
    ];
  };
  const runner = await run({
    pgPool: pool,
    concurrency: options.concurrency,
    pollInterval: POLL_INTERVAL_MS,
    // The process has one place that listens to signals: its lifecycle.
    noHandleSignals: true,
    events,
    forbiddenFlags,
    logger: graphileLogger(logger),
    parsedCronItems: routineTimes(routines),
    taskList: {
      ...routineTasks(routines, session),
      "dataset.import": task("dataset.import", options.handlers["dataset.import"], session),
      "dataset.freeze": task("dataset.freeze", options.handlers["dataset.freeze"], session),
      "run.train": task("run.train", options.handlers["run.train"], session),
      "inspection.score": task("inspection.score", options.handlers["inspection.score"], session),
      "model.rescore": task("model.rescore", options.handlers["model.rescore"], session),
      "encoder.pull": task("encoder.pull", options.handlers["encoder.pull"], session),
      "demo.seed": task("demo.seed", options.handlers["demo.seed"], session),
    } satisfies Record<JobName, unknown>,
  });
  const ended = runner.promise;
  // Whoever wants to know awaits `ended`; nobody having to must not end the process.
  ended.catch(() => undefined);
  const graphileIds = [...ids];
  try {
    await options.onIds?.(graphileIds);
  } catch (error) {
    stopping.abort();
    announce();
    await runner.stop();
    throw error;
  }
  announce();

  let stopped: Promise<void> | null = null;
  const stop = async ({ isFault } = { isFault: false }): Promise<void> => {
    session.isFault = isFault;
    stopping.abort();
    await runner.stop();
    for (const [jobId, attempt] of interrupted) {
      await handBackJob(pool, { jobId, attempt, graphileIds });
    }
  };
  return { graphileIds, ended, stop: (reason) => (stopped ??= stop(reason)) };
}

type Session = {
  readonly signal: AbortSignal;
  readonly logger: Logger;
  readonly announced: Promise<void>;
  /** Lanes in which this process is doing its one job. */
  readonly busyLanes: Set<WorkerLane>;
  /** How many jobs of each organisation this process is at. */
  readonly shares: Shares;
  /** The process stops for a fault, so that what it interrupts has had its attempt. */
  isFault: boolean;
  readonly noteInterruption: (jobId: string, attempt: number) => void;
  readonly handBack: (jobId: string, attempt: number) => Promise<void>;
};

function task<N extends JobName>(name: N, handler: JobHandler<N>, session: Session) {
  return async (payload: unknown, helpers: JobHelpers): Promise<void> => {
    const { id: jobId, attempts: attempt, max_attempts: maxAttempts } = helpers.job;
    const logger = session.logger.child({ job: name, jobId, attempt });
    await session.announced;
    const lane = findWorkerLane(name);
    const owner = findOrganisationFlag(helpers.job.flags);
    const isTooMany =
      (lane !== null && session.busyLanes.has(lane)) || session.shares.isFull(owner);
    if (isTooMany || session.signal.aborted) {
      // The queue was asked before the last of them began, or before the process had to stop.
      await session.handBack(jobId, attempt);
      throw new Error(`This process has no place for this ${name}; it was put back.`);
    }
    if (lane !== null) session.busyLanes.add(lane);
    session.shares.take(owner);
    const startedAt = performance.now();
    const seconds = () => Number(((performance.now() - startedAt) / 1000).toFixed(3));
    try {
      logger.info({ payload }, "job started");
      const parsed = JOBS[name].payload.parse(payload) as JobPayload<N>;
      const isLastAttempt = attempt >= maxAttempts;
      await untilStray(session.signal, (signal) =>
        handler(parsed, { jobId, attempt, isLastAttempt, signal, logger }),
      );
      logger.info({ seconds: seconds() }, "job done");
    } catch (error) {
      if (session.signal.aborted) {
        logger.info({ seconds: seconds() }, "job interrupted: it goes on when a worker is back");
        // Noted first: should the database be away just now, it is put back when all have ended.
        const counted = session.isFault ? attempt + 1 : attempt;
        session.noteInterruption(jobId, counted);
        // Before the queue records a failure, so that no last attempt looks as if it were used up.
        await session.handBack(jobId, counted).catch(() => undefined);
      } else if (isAppError(error) || error instanceof z.ZodError) {
        logger.error({ err: error, seconds: seconds() }, "job failed for good");
        // What the queue does not deliver again is what has used up its attempts.
        await helpers.query(
          "update graphile_worker._private_jobs set max_attempts = attempts where id = $1",
          [jobId],
        );
      } else {
        const isLast = attempt >= maxAttempts;
        logger.error(
          { err: error, seconds: seconds() },
          isLast ? "job failed in its last attempt" : "job failed, will be tried again",
        );
      }
      throw error;
    } finally {
      if (lane !== null) session.busyLanes.delete(lane);
      session.shares.giveBack(owner);
    }
  };
}

/** Do a job's work; an error that it throws outside of its promise aborts it and is thrown here. */
async function untilStray(
  stopping: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  // Not AbortSignal.any: in Node 20 a signal of it that nobody else holds may never abort.
  const own = new AbortController();
  const stop = (): void => own.abort(stopping.reason);
  let patience: NodeJS.Timeout | undefined;
  let leave: (error: unknown) => void = () => undefined;
  const leftBehind = new Promise<never>((_resolve, reject) => (leave = reject));
  const blame = (error: unknown): void => {
    own.abort(error);
    patience ??= setTimeout(() => leave(error), STRAY_PATIENCE_MS);
  };
  stopping.addEventListener("abort", stop, { once: true });
  try {
    await Promise.race([withBlame(blame, () => work(own.signal)), leftBehind]);
  } finally {
    stopping.removeEventListener("abort", stop);
    clearTimeout(patience);
  }
}

/** The queue's own messages among ours. Failures of jobs are left out, since `task` has logged them. */
function graphileLogger(logger: Logger): GraphileLogger {
  const levels = { error: "error", warning: "warn", info: "debug", debug: "trace" } as const;
  return new GraphileLogger((scope) => (level, message, meta) => {
    if (meta?.["failure"] === true) return;
    logger[levels[level]]({ queue: scope }, message);
  });
}
