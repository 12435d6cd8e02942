import type { Database, RunLease } from "@loupe/db";
import { RUN_STALE_AFTER_MS } from "@loupe/db";
import type { Logger } from "@loupe/platform";

import { RunInterrupted } from "./run-interrupted.ts";

/** Well under the second within which a cancelled run should notice. */
const BEAT_EVERY_MS = 700;

type LeaseKeeperOptions = {
  readonly db: Pick<Database, "runs">;
  readonly lease: RunLease;
  readonly logger: Logger;
};

/**
 * Keeps a run's lease alive and tells, by its signal, when the run should stop.
 *
 * A worker that cannot reach the database for as long as others wait before they take over has to
 * believe that they did.
 */
export class LeaseKeeper {
  readonly #options: LeaseKeeperOptions;
  readonly #abort = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #isBeating = false;
  #lastAnswerAt = Date.now();

  constructor(options: LeaseKeeperOptions) {
    this.#options = options;
    this.#timer = setInterval(() => void this.#beat(), BEAT_EVERY_MS);
  }

  /** Aborts with `RunInterrupted`. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #beat(): Promise<void> {
    if (this.#isBeating) return;
    this.#isBeating = true;
    try {
      const { isHeld, isCancelRequested } = await this.#options.db.runs.heartbeat(
        this.#options.lease,
      );
      this.#lastAnswerAt = Date.now();
      if (!isHeld) this.#abort.abort(new RunInterrupted("lost"));
      else if (isCancelRequested) this.#abort.abort(new RunInterrupted("cancelled"));
    } catch (error) {
      this.#options.logger.warn({ err: error }, "heartbeat failed");
      if (Date.now() - this.#lastAnswerAt > RUN_STALE_AFTER_MS) {
        this.#abort.abort(new RunInterrupted("lost"));
      }
    } finally {
      this.#isBeating = false;
    }
  }
}
