/** Messages of one task, in order, for a consumer that takes its time. */
export class MessageQueue<T> {
  readonly #messages: T[] = [];
  #waiting: { resolve: (message: T) => void; reject: (error: Error) => void } | null = null;
  #failure: Error | null = null;

  push(message: T): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting === null) this.#messages.push(message);
    else waiting.resolve(message);
  }

  /** Fail the consumer once it has taken what came before. */
  fail(error: Error): void {
    this.#failure ??= error;
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.reject(error);
  }

  /** The next message. One caller at a time. */
  async next(): Promise<T> {
    const message = this.#messages.shift();
    if (message !== undefined) return message;
    if (this.#failure !== null) throw this.#failure;
    return new Promise<T>((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }
}
