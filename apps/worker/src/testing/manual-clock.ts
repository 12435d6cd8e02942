import type { Clock } from "../clock.ts";

type Alarm = { atMs: number; readonly periodMs: number | null; readonly task: () => void };

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  #nowMs = 1_000_000;
  readonly #alarms = new Set<Alarm>();

  readonly nowMs = (): number => this.#nowMs;

  readonly after = (waitMs: number, task: () => void): (() => void) =>
    this.#set({ atMs: this.#nowMs + waitMs, periodMs: null, task });

  readonly every = (periodMs: number, task: () => void): (() => void) =>
    this.#set({ atMs: this.#nowMs + periodMs, periodMs, task });

  /** Let time pass; whatever falls due is done, in order. */
  advance(byMs: number): void {
    const endMs = this.#nowMs + byMs;
    for (let due = this.#next(endMs); due !== undefined; due = this.#next(endMs)) {
      this.#nowMs = due.atMs;
      if (due.periodMs === null) this.#alarms.delete(due);
      else due.atMs += due.periodMs;
      due.task();
    }
    this.#nowMs = endMs;
  }

  #set(alarm: Alarm): () => void {
    this.#alarms.add(alarm);
    return () => void this.#alarms.delete(alarm);
  }

  #next(endMs: number): Alarm | undefined {
    return [...this.#alarms].sort((a, b) => a.atMs - b.atMs).find(({ atMs }) => atMs <= endMs);
  }
}
