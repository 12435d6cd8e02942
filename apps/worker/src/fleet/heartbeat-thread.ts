import { once } from "node:events";
import { Worker } from "node:worker_threads";

import type { Logger } from "@loupe/platform";

import { threadCode } from "../compute/thread-code.ts";

/** Five beats and more fit into the time after which a worker is taken for dead. */
const BEAT_EVERY_MS = 2_000;
const STOP_PATIENCE_MS = 2_000;

export type HeartbeatData = {
  readonly url: string;
  readonly workerId: string;
  readonly everyMs: number;
};

export type FromHeartbeat =
  /** This worker was taken for dead. */
  { readonly type: "unknown" } | { readonly type: "failed"; readonly message: string };

export type HeartbeatOptions = {
  readonly url: string;
  readonly workerId: string;
  readonly logger: Logger;
  readonly everyMs?: number;
  /** Hears that this worker was taken for dead, such as after a sleep of the machine. */
  readonly onUnknown: () => void;
};

/**
 * Says for a worker that it lives, and that it holds its leases, from a thread of its own: whatever
 * holds up the worker's loop, be it the start of a model or a picture, costs it none of them.
 */
export class HeartbeatThread {
  readonly #options: HeartbeatOptions;
  #worker: Worker | null = null;
  #isStopping = false;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  start(): void {
    const { url, workerId, logger, everyMs = BEAT_EVERY_MS, onUnknown } = this.#options;
    const workerData: HeartbeatData = { url, workerId, everyMs };
    const file = new URL("./heartbeat-main.ts", import.meta.url);
    const worker = new Worker(threadCode(file), { eval: true, execArgv: [], workerData });
    this.#worker = worker;
    worker.on("message", (message: FromHeartbeat) => {
      if (message.type === "unknown") onUnknown();
      else logger.warn({ problem: message.message }, "heartbeat failed");
    });
    worker.on("error", (error) =>
      logger.error({ err: error }, "the heartbeat's thread has failed"),
    );
    worker.on("exit", () => {
      // Without it this worker would lose all that it is at.
      if (!this.#isStopping) setTimeout(() => this.start(), everyMs).unref();
    });
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    const worker = this.#worker;
    this.#worker = null;
    if (worker === null) return;
    const exit = once(worker, "exit");
    worker.postMessage("stop");
    const patience = setTimeout(() => void worker.terminate(), STOP_PATIENCE_MS);
    await exit.catch(() => undefined);
    clearTimeout(patience);
  }
}
