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
    } catch {
      // A full store: the value lives on in memory.
    }
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
