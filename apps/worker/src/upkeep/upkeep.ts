import { sweepStorage, type SweepServices } from "./sweep-storage.ts";

/** Whoever starts Loupe waits for other things first. */
const FIRST_AFTER_MS = 60_000;
const EVERY_MS = 24 * 3600 * 1000;

/** Sweeps what nothing needs: soon after the start, and every day. */
export class Upkeep {
  readonly #services: SweepServices;
  readonly #stopping = new AbortController();
  #timer: NodeJS.Timeout | null = null;
  #underWay: Promise<void> = Promise.resolve();

  constructor(services: SweepServices) {
    this.#services = services;
  }

  start(): Promise<void> {
    this.#wait(FIRST_AFTER_MS);
    return Promise.resolve();
  }

  /** Ends a sweep under way at its next question, and waits for it. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#underWay;
  }

  #wait(ms: number): void {
    this.#timer = setTimeout(() => {
      this.#underWay = this.#sweep();
    }, ms);
  }

  async #sweep(): Promise<void> {
    try {
      await sweepStorage(this.#services, { signal: this.#stopping.signal });
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      this.#services.logger.warn({ err: error }, "could not sweep the files");
    }
    if (!this.#stopping.signal.aborted) this.#wait(EVERY_MS);
  }
}
