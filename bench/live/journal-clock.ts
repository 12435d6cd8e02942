import { readFileSync } from "node:fs";
import { join } from "node:path";

const POLL_MS = 2;

/** Notes when a run's worker wrote each step into its journal, which it does as the step ends. */
export class JournalClock {
  readonly #file: string;
  readonly #writtenAt = new Map<number, number>();
  readonly #timer: NodeJS.Timeout;

  constructor(home: string, runId: string) {
    this.#file = join(home, "runs", runId, "curve.jsonl");
    this.#timer = setInterval(() => {
      this.#look();
    }, POLL_MS);
  }

  /** Milliseconds since the epoch, within a poll of 2 ms; undefined for a step not seen. */
  writtenAt(step: number): number | undefined {
    return this.#writtenAt.get(step);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const now = Date.now();
    for (const match of this.#text().matchAll(/"step":(\d+)/g)) {
      const step = Number(match[1]);
      if (!this.#writtenAt.has(step)) this.#writtenAt.set(step, now);
    }
  }

  #text(): string {
    try {
      return readFileSync(this.#file, "utf8");
    } catch {
      return "";
    }
  }
}
