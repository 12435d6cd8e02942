import { isDeepStrictEqual } from "node:util";

import type { EncoderSummary, ProviderFact } from "@loupe/contracts";
import type { Logger } from "@loupe/platform";

import { reapDeadWorkers } from "./reap-dead-workers.ts";
import { endDeadJobs } from "./end-dead-jobs.ts";
import { freeRuns } from "./free-runs.ts";
import { HeartbeatThread } from "./heartbeat-thread.ts";
import type { EndingServices } from "./job-endings.ts";

const LOOK_AROUND_EVERY_MS = 5_000;
/** Encoders come by download and by hand; people who wait for one look at a list meanwhile. */
const LOOK_FOR_ENCODERS_EVERY_MS = 10_000;

export type WorkerNodeOptions = EndingServices & {
  readonly id: string;
  /** See `readProcessSpace`. */
  readonly space: string | null;
  readonly name: string;
  /** What this worker computes on until more is found. */
  readonly device: ProviderFact;
  /** The encoders on this worker's disk at this moment. */
  readonly listEncoders: () => Promise<readonly EncoderSummary[]>;
  readonly logger: Logger;
};

/** This process among the workers: says that it lives, and looks after those that do not. */
export class WorkerNode {
  readonly #options: WorkerNodeOptions;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #underWay = new Set<Promise<void>>();
  readonly #heartbeat: HeartbeatThread;
  #graphileIds: readonly string[] = [];
  #encoders: readonly EncoderSummary[] = [];
  #devices: readonly ProviderFact[];

  constructor(options: WorkerNodeOptions) {
    this.#options = options;
    this.#devices = [options.device];
    this.#heartbeat = new HeartbeatThread({
      url: options.db.url,
      workerId: options.id,
      logger: options.logger,
      // It lives on under its name.
      onUnknown: () => void this.#do(() => this.#register()),
    });
  }

  /** What this worker can compute on, as far as it knows. */
  get devices(): readonly ProviderFact[] {
    return this.#devices;
  }

  /** Tell others that more, or less, can be computed on here. */
  async offer(devices: readonly ProviderFact[]): Promise<void> {
    if (isDeepStrictEqual(devices, this.#devices)) return;
    this.#devices = devices;
    await this.#register();
  }

  /** Tell others what this worker has and under which ids the queue locks its jobs. */
  async register(graphileIds: readonly string[]): Promise<void> {
    this.#graphileIds = graphileIds;
    this.#encoders = await this.#options.listEncoders();
    await this.#register();
  }

  /** Look for encoders again, and tell others when they are not the same. */
  async refreshEncoders(): Promise<void> {
    const encoders = await this.#options.listEncoders();
    if (isDeepStrictEqual(encoders, this.#encoders)) return;
    this.#encoders = encoders;
    await this.#register();
  }

  async start(): Promise<void> {
    await this.#lookAround();
    this.#heartbeat.start();
    this.#every(LOOK_AROUND_EVERY_MS, () => this.#lookAround());
    this.#every(LOOK_FOR_ENCODERS_EVERY_MS, () => this.refreshEncoders());
  }

  /** Leave: runs that were put back can be claimed at once. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await this.#heartbeat.stop();
    await Promise.all(this.#underWay);
    const { db, id, name } = this.#options;
    await freeRuns(db, { id, name }, "worker-stopped");
    await db.leases.releaseOf(id);
    await db.workers.remove(id);
  }

  async #register(): Promise<void> {
    const { db, id, name } = this.#options;
    const devices = this.#devices;
    const providers = devices.map(({ provider }) => provider);
    const [encoders, graphileIds] = [this.#encoders, this.#graphileIds];
    await db.workers.register({ id, name, providers, devices, encoders, graphileIds });
  }

  async #lookAround(): Promise<void> {
    const { db, id, space, logger } = this.#options;
    await reapDeadWorkers({ db, selfId: id, space, logger });
    await endDeadJobs(this.#options, logger);
  }

  #every(intervalMs: number, work: () => Promise<void>): void {
    let isUnderWay = false;
    const timer = setInterval(() => {
      if (isUnderWay) return;
      isUnderWay = true;
      void this.#do(work).finally(() => {
        isUnderWay = false;
      });
    }, intervalMs);
    this.#timers.push(timer);
  }

  /** Do something that a failure only puts off, and that stopping waits for. */
  #do(work: () => Promise<void>): Promise<void> {
    const turn = work()
      .catch((error: unknown) => {
        this.#options.logger.warn({ err: error }, "could not reach the other workers");
      })
      .finally(() => {
        this.#underWay.delete(turn);
      });
    this.#underWay.add(turn);
    return turn;
  }
}
