/** Knows whether this worker trains, for work that then stands back. */
export class TrainingWatch {
  readonly #listeners = new Set<() => void>();
  #running = 0;

  /** @returns to be called once, when the training has ended */
  begin(): () => void {
    this.#running++;
    for (const listener of this.#listeners) listener();
    return () => {
      this.#running--;
    };
  }

  /**
   * Be called for every training that begins, and at once when one runs already.
   *
   * @returns ends it
   */
  whenTraining(listener: () => void): () => void {
    this.#listeners.add(listener);
    if (this.#running > 0) listener();
    return () => {
      this.#listeners.delete(listener);
    };
  }
}
