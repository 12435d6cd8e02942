export type AttemptLimit = { readonly max: number; readonly windowMs: number };

/** More keys than this and the oldest are forgotten, so that a flood of them costs no memory. */
const MAX_KEYS = 50_000;

type Window = { readonly endsAtMs: number; count: number };

/** Counts attempts by key; a window begins with a key's first attempt. */
export class AttemptCounter {
  readonly #windows = new Map<string, Window>();

  constructor(private readonly limit: AttemptLimit) {}

  /** Count an attempt, or answer how many milliseconds to wait for the next; 0 when it may go on. */
  take(key: string, nowMs: number): number {
    const window = this.#windows.get(key);
    if (window === undefined || window.endsAtMs <= nowMs) {
      this.#windows.delete(key);
      this.#forgetOldest();
      this.#windows.set(key, { endsAtMs: nowMs + this.limit.windowMs, count: 1 });
      return 0;
    }
    if (window.count >= this.limit.max) return window.endsAtMs - nowMs;
    window.count += 1;
    return 0;
  }

  /** An attempt that turned out not to be one. */
  giveBack(key: string): void {
    const window = this.#windows.get(key);
    if (window !== undefined && window.count > 0) window.count -= 1;
  }

  #forgetOldest(): void {
    if (this.#windows.size < MAX_KEYS) return;
    const [oldest] = this.#windows.keys();
    if (oldest !== undefined) this.#windows.delete(oldest);
  }
}
