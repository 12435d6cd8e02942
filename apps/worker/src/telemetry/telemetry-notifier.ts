import type { ProjectTelemetry } from "@loupe/contracts";
import { type Logger, publish, type SqlExecutor } from "@loupe/platform";

import { clock as systemClock, type Clock } from "../clock.ts";
import { addTelemetry } from "./add-telemetry.ts";
import { packTelemetry } from "./pack-telemetry.ts";

/** NOTIFY takes a lock of the whole database at its commit: this process sends two a second, whatever it works on. */
const TELL_EVERY_MS = 500;

/** What jobs see of it. */
export type Teller = { tell(news: ProjectTelemetry): void };

type NotifierOptions = {
  readonly sql: SqlExecutor;
  readonly logger: Logger;
  readonly clock?: Clock;
};

/**
 * Tells browsers how far the work of this process is, after its rows say so.
 *
 * The first news leaves at once and what comes within the next half second leaves together, with
 * one line for each thing. What cannot be sent is dropped: the rows have it.
 */
export class TelemetryNotifier implements Teller {
  readonly #options: NotifierOptions;
  readonly #clock: Clock;
  #waiting: ReadonlyMap<string, ProjectTelemetry> = new Map();
  #sending: Promise<void> = Promise.resolve();
  #sentAtMs = -Infinity;
  #callOff: (() => void) | undefined;

  constructor(options: NotifierOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  readonly tell = (news: ProjectTelemetry): void => {
    this.#waiting = addTelemetry(this.#waiting, news);
    if (this.#callOff !== undefined) return;
    const waitMs = Math.max(0, this.#sentAtMs + TELL_EVERY_MS - this.#clock.nowMs());
    this.#callOff = this.#clock.after(waitMs, () => void this.flush());
  };

  /** Send what waits now. Never fails. */
  async flush(): Promise<void> {
    this.#callOff?.();
    this.#callOff = undefined;
    const news = [...this.#waiting.values()];
    this.#waiting = new Map();
    if (news.length > 0) {
      this.#sentAtMs = this.#clock.nowMs();
      this.#sending = this.#sending.then(() => this.#send(news));
    }
    await this.#sending;
  }

  async #send(news: readonly ProjectTelemetry[]): Promise<void> {
    const { sql, logger } = this.#options;
    try {
      for (const message of packTelemetry(news)) await publish(sql, message);
    } catch (error) {
      logger.warn({ err: error }, "telemetry not sent; browsers read it from the rows");
    }
  }
}
