/** Something to have ready, under a name that changes when its content does. */
export type Shelved = { readonly key: string };

type CaseShelfOptions<C extends Shelved> = {
  /** Bring a case to this machine; resolves with what it takes up here. Rejects when the line is lost. */
  readonly load: (item: C) => Promise<number>;
  /** Keep what was loaded; returns what lets it go. */
  readonly hold: (item: C) => () => void;
  readonly limitBytes: number;
};

type Place = { readonly bytes: number; readonly letGo: () => void };

/**
 * Keeps the next cases on this machine, so that reviewing goes on without a line.
 *
 * One after the other and the nearest first, so that it is never in the way of what is on the
 * screen; what has been passed is let go.
 */
export class CaseShelf<C extends Shelved> {
  readonly #ready = new Map<string, Place>();
  #turn = new AbortController();

  constructor(private readonly options: CaseShelfOptions<C>) {}

  /** Have these ready, in this order; whatever else is there is let go. */
  async turnTo(items: readonly C[]): Promise<void> {
    this.#turn.abort();
    this.#turn = new AbortController();
    const { signal } = this.#turn;
    const wanted = new Set(items.map(({ key }) => key));
    for (const key of [...this.#ready.keys()]) if (!wanted.has(key)) this.#drop(key);
    for (const item of items) {
      if (this.#ready.has(item.key)) continue;
      if (this.#bytes >= this.options.limitBytes) return;
      const bytes = await this.options.load(item).catch(() => null);
      // Without a line nothing further on would come either; the next turn tries again.
      if (signal.aborted || bytes === null) return;
      this.#ready.set(item.key, { bytes, letGo: this.options.hold(item) });
    }
  }

  /** Load nothing more, and let everything go. */
  clear(): void {
    this.#turn.abort();
    for (const key of [...this.#ready.keys()]) this.#drop(key);
  }

  get #bytes(): number {
    return [...this.#ready.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  #drop(key: string): void {
    this.#ready.get(key)?.letGo();
    this.#ready.delete(key);
  }
}
