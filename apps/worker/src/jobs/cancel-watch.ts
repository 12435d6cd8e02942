import type { JobContext } from "@loupe/platform";

/** People see that something stops well within a few seconds. */
const ASK_EVERY_MS = 700;

type CancelWatchOptions = Pick<JobContext, "signal" | "logger"> & {
  readonly isCancelled: () => Promise<boolean>;
};

/** Tells a job, by a signal, that somebody has cancelled what it is at, or that its process stops. */
export class CancelWatch {
  readonly signal: AbortSignal;
  readonly #timer: NodeJS.Timeout;
  readonly #ended = new AbortController();
  readonly #stopped = (): void => this.#ended.abort(this.options.signal.reason);
  #isAsking = false;

  constructor(private readonly options: CancelWatchOptions) {
    this.signal = this.#ended.signal;
    if (options.signal.aborted) this.#stopped();
    else options.signal.addEventListener("abort", this.#stopped, { once: true });
    this.#timer = setInterval(() => void this.#ask(), ASK_EVERY_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.options.signal.removeEventListener("abort", this.#stopped);
  }

  async #ask(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    try {
      if (await this.options.isCancelled()) {
        this.#ended.abort(new Error("Somebody has cancelled it"));
      }
    } catch (error) {
      this.options.logger.warn({ err: error }, "could not ask whether it was cancelled");
    } finally {
      this.#isAsking = false;
    }
  }
}
