import type { ComputeProvider } from "@loupe/contracts";
import type { Pool } from "pg";
import type { Logger } from "pino";

import { createLogger } from "../logging/create-logger.ts";
import type { Routine } from "../queue/routines.ts";
import { type JobHandlers, type QueueWorker, runWorker } from "../queue/run-worker.ts";

/** Ends what hangs; what is awaited takes milliseconds, on a busy machine seconds. */
export const SOON = { timeout: 30_000 };

export type StartedWorker = {
  readonly concurrency?: number;
  readonly providers?: readonly ComputeProvider[];
  readonly routines?: readonly Routine[];
  readonly logger?: Logger;
  readonly onIds?: (ids: readonly string[]) => Promise<void>;
};

type WaitingJob = { id: string; attempts: number; locked_by: string | null };

const unexpected = (): Promise<never> => Promise.reject(new Error("unexpected job"));

/** The workers of a test and the queue that they take jobs from. */
export class QueueWorld {
  readonly #workers: QueueWorker[] = [];

  constructor(private readonly pool: () => Pool) {}

  /** Start a worker; a job without a handler fails it. */
  async start(
    handlers: Partial<JobHandlers> = {},
    { concurrency = 2, providers = ["cpu"], routines = [], logger, onIds }: StartedWorker = {},
  ): Promise<QueueWorker> {
    const worker = await runWorker({
      pool: this.pool(),
      concurrency,
      routines,
      providers: () => providers,
      logger: logger ?? createLogger("test", { level: "silent" }),
      ...(onIds === undefined ? {} : { onIds }),
      handlers: {
        "dataset.import": unexpected,
        "dataset.freeze": unexpected,
        "run.train": unexpected,
        "inspection.score": unexpected,
        "model.rescore": unexpected,
        "encoder.pull": unexpected,
        "demo.seed": unexpected,
        ...handlers,
      },
    });
    this.#workers.push(worker);
    return worker;
  }

  async stopAll(): Promise<void> {
    await Promise.all(this.#workers.splice(0).map((worker) => worker.stop()));
  }

  /** Forget every job and every lane. */
  async clear(): Promise<void> {
    await this.pool().query("delete from graphile_worker._private_jobs");
    await this.pool().query("delete from graphile_worker._private_job_queues");
  }

  /** All jobs that there are, the oldest first. */
  async jobs(): Promise<WaitingJob[]> {
    const { rows } = await this.pool().query<WaitingJob>(
      "select id::text, attempts, locked_by from graphile_worker.jobs order by id",
    );
    return rows;
  }
}
