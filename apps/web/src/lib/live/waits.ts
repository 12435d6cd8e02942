import type { Clock } from "../clock.ts";

/** What waits for its moment, by name: of each name one thing at most. */
export class Waits<N extends string> {
  readonly #waiting = new Map<N, () => void>();

  constructor(private readonly clock: Clock) {}

  /** Do this after a while, instead of what waits under the name. */
  set(name: N, work: () => void, afterMs: number): void {
    this.callOff(name);
    const callOff = this.clock.schedule(() => {
      this.#waiting.delete(name);
      work();
    }, afterMs);
    this.#waiting.set(name, callOff);
  }

  has(name: N): boolean {
    return this.#waiting.has(name);
  }

  callOff(name: N): void {
    this.#waiting.get(name)?.();
    this.#waiting.delete(name);
  }

  callOffAll(): void {
    for (const name of [...this.#waiting.keys()]) this.callOff(name);
  }
}
