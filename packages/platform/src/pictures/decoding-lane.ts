export type LaneLimits = {
  /** What all pictures that are decoded at once may hold together. */
  readonly bytes: number;
  /** Each takes one of Node's few threads, which files need as well. */
  readonly atOnce: number;
};

type Waiting = { readonly bytes: number; readonly begin: () => void };

/** Lets work begin in the order in which it came, as long as there is room for it. */
export class DecodingLane {
  readonly #limits: LaneLimits;
  readonly #waiting: Waiting[] = [];
  #bytes = 0;
  #underWay = 0;

  constructor(limits: LaneLimits) {
    this.#limits = limits;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * Wait for room, then hold it until the returned function is called.
   *
   * @throws the signal's reason when it is aborted before the turn comes
   */
  async enter(bytes: number, signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const leave = () => {
        const at = this.#waiting.indexOf(waiting);
        if (at >= 0) this.#waiting.splice(at, 1);
        reject(signal?.reason as Error);
        this.#admit();
      };
      const begin = () => {
        signal?.removeEventListener("abort", leave);
        resolve();
      };
      const waiting: Waiting = { bytes, begin };
      signal?.addEventListener("abort", leave, { once: true });
      this.#waiting.push(waiting);
      this.#admit();
    });
    return () => {
      this.#bytes -= bytes;
      this.#underWay--;
      this.#admit();
    };
  }

  #admit(): void {
    for (;;) {
      const [first] = this.#waiting;
      if (first === undefined || this.#underWay >= this.#limits.atOnce) return;
      // What is larger than all room goes alone rather than never.
      if (this.#underWay > 0 && this.#bytes + first.bytes > this.#limits.bytes) return;
      this.#waiting.shift();
      this.#bytes += first.bytes;
      this.#underWay++;
      first.begin();
    }
  }
}
