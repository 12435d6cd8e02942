import type { Clock } from "../lib/clock.ts";

type Waiting = { readonly dueMs: number; readonly work: () => void };

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  #nowMs = 1_000_000;
  readonly #waiting = new Set<Waiting>();

  readonly nowMs = (): number => this.#nowMs;

  readonly schedule = (work: () => void, afterMs: number): (() => void) => {
    const waiting = { dueMs: this.#nowMs + afterMs, work };
    this.#waiting.add(waiting);
    return () => void this.#waiting.delete(waiting);
  };

  /** How much work waits for its time. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Let time pass, and do what becomes due on the way, each at its own moment. */
  pass(byMs: number): void {
    const untilMs = this.#nowMs + byMs;
    for (let next = this.#next(untilMs); next !== null; next = this.#next(untilMs)) {
      this.#waiting.delete(next);
      this.#nowMs = next.dueMs;
      next.work();
    }
    this.#nowMs = untilMs;
  }

  #next(untilMs: number): Waiting | null {
    const due = [...this.#waiting].filter(({ dueMs }) => dueMs <= untilMs);
    return due.sort((a, b) => a.dueMs - b.dueMs)[0] ?? null;
  }
}
