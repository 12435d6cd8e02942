import type { z } from "zod";

type Store = Pick<Storage, "getItem" | "setItem">;

type StoredValueOptions<T> = {
  readonly key: string;
  /** Reads what an earlier version of this page may have written. */
  readonly schema: z.ZodType<T>;
  readonly initial: T;
  /** Null where there is none, as on the server. */
  readonly store: Store | null;
};

/**
 * A value that outlives the page, with listeners.
 *
 * Kept in memory all the same: a full or forbidden store loses nothing while the page is open.
 */
export class StoredValue<T> {
  #value: T;
  /** False when the store could not take the value: then memory alone knows it. */
  #isStored = true;
  readonly #listeners = new Set<() => void>();

  constructor(private readonly options: StoredValueOptions<T>) {
    this.#value = this.#read();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly get = (): T => this.#value;

  set(value: T): void {
    this.#value = value;
    try {
      this.options.store?.setItem(this.options.key, JSON.stringify(value));
      this.#isStored = true;
    } catch {
      // A full store: the value lives on in memory.
      this.#isStored = false;
    }
    for (const listener of this.#listeners) listener();
  }

  /** Change the value as it is in the store, where another tab may have written since. */
  update(change: (value: T) => T): void {
    this.refresh();
    this.set(change(this.#value));
  }

  /** Take over what another tab has written. */
  refresh(): void {
    if (!this.#isStored || this.options.store === null) return;
    const text = JSON.stringify(this.#value);
    const value = this.#read();
    if (JSON.stringify(value) === text) return;
    this.#value = value;
    for (const listener of this.#listeners) listener();
  }

  #read(): T {
    const { store, key, schema, initial } = this.options;
    try {
      const text = store?.getItem(key) ?? null;
      if (text === null) return initial;
      const parsed = schema.safeParse(JSON.parse(text));
      return parsed.success ? parsed.data : initial;
    } catch {
      return initial;
    }
  }
}
