/** Reads things by their ids, so that news of a few do not make whole lists be read again. */
export type LiveReader = {
  /** Reads with the same name are put together. */
  readonly name: string;
  /** Most that one request may ask for; news of more are news of everything. */
  readonly most: number;
};

type Pile<R> = { reader: R; readonly ids: Set<string> };

/** Between two requests of a reader there is at least this long. */
const REST_MS = 500;

/**
 * Collects what is to be read by id: the first at once, what comes meanwhile in one request after
 * it, and never two of the same kind at a time.
 */
export class LiveReads<R extends LiveReader> {
  readonly #piles = new Map<string, Pile<R>>();

  /** @param read asks for these; all of them for null */
  constructor(private readonly read: (reader: R, ids: string[] | null) => Promise<void>) {}

  add(reader: R, ids: readonly string[]): void {
    const known = this.#piles.get(reader.name);
    const pile = known ?? { reader, ids: new Set<string>() };
    pile.reader = reader;
    for (const id of ids) pile.ids.add(id);
    if (known !== undefined) return;
    this.#piles.set(reader.name, pile);
    void this.#work(pile);
  }

  /** Ask for nothing more. */
  stop(): void {
    this.#piles.clear();
  }

  async #work(pile: Pile<R>): Promise<void> {
    const { name } = pile.reader;
    while (pile.ids.size > 0 && this.#piles.get(name) === pile) {
      const ids = pile.ids.size > pile.reader.most ? null : [...pile.ids];
      pile.ids.clear();
      await Promise.all([this.read(pile.reader, ids), rest()]);
    }
    if (this.#piles.get(name) === pile) this.#piles.delete(name);
  }
}

function rest(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, REST_MS));
}
