/** Steps that the pace is averaged over: long enough to be steady, short enough to follow. */
const WINDOW = 20;

/** Steps a second over the last few steps. */
export class StepPace {
  readonly #times: number[] = [];

  constructor() {
    this.#times.push(performance.now());
  }

  /** Note that a step has ended. */
  tick(): number {
    this.#times.push(performance.now());
    if (this.#times.length > WINDOW + 1) this.#times.shift();
    const [first = 0] = this.#times;
    const elapsedMs = (this.#times.at(-1) ?? 0) - first;
    return ((this.#times.length - 1) * 1000) / Math.max(elapsedMs, 1e-3);
  }

  /** Leave out the time since the last step: it went into something else. */
  pause(): void {
    const idleMs = performance.now() - (this.#times.at(-1) ?? 0);
    for (const [index, time] of this.#times.entries()) this.#times[index] = time + idleMs;
  }
}
