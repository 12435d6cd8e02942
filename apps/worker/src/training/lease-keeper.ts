import { LEASE_STALE_AFTER_MS, type Database, type RunLease } from "@loupe/db";
import type { Logger } from "@loupe/platform";

import { clock as systemClock, type Clock } from "../clock.ts";
import { RunInterrupted } from "./run-interrupted.ts";

/** Well under the second within which a cancelled run should notice. */
const BEAT_EVERY_MS = 700;

type LeaseKeeperOptions = {
  readonly db: Pick<Database, "runs">;
  readonly lease: RunLease;
  readonly logger: Logger;
  readonly clock?: Clock;
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
  readonly #clock: Clock;
  readonly #stopBeating: () => void;
  #isBeating = false;
  #lastAnswerAtMs: number;

  constructor(options: LeaseKeeperOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#lastAnswerAtMs = this.#clock.nowMs();
    this.#stopBeating = this.#clock.every(BEAT_EVERY_MS, () => {
      // A line that swallows a heartbeat answers neither yes nor no.
      if (this.#isBeating) this.#giveUpWhenSilent();
      else void this.#beat();
    });
  }

  /** Aborts with `RunInterrupted`. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  stop(): void {
    this.#stopBeating();
  }

  async #beat(): Promise<void> {
    this.#isBeating = true;
    try {
      const { isHeld, isCancelRequested } = await this.#options.db.runs.heartbeat(
        this.#options.lease,
      );
      this.#lastAnswerAtMs = this.#clock.nowMs();
      if (!isHeld) this.#abort.abort(new RunInterrupted("lost"));
      else if (isCancelRequested) this.#abort.abort(new RunInterrupted("cancelled"));
    } catch (error) {
      this.#options.logger.warn({ err: error }, "heartbeat failed");
      this.#giveUpWhenSilent();
    } finally {
      this.#isBeating = false;
    }
  }

  #giveUpWhenSilent(): void {
    if (this.#clock.nowMs() - this.#lastAnswerAtMs <= LEASE_STALE_AFTER_MS) return;
    this.#abort.abort(new RunInterrupted("lost"));
  }
}
