/** Counts who is at how much, and knows who has as much as one may. */
export class Shares {
  readonly #counts = new Map<string, number>();

  constructor(private readonly most: number) {}

  take(owner: string | null): void {
    if (owner !== null) this.#counts.set(owner, this.#count(owner) + 1);
  }

  giveBack(owner: string | null): void {
    if (owner === null) return;
    const left = this.#count(owner) - 1;
    if (left > 0) this.#counts.set(owner, left);
    else this.#counts.delete(owner);
  }

  /** Nobody in particular never has too much. */
  isFull(owner: string | null): boolean {
    return owner !== null && this.#count(owner) >= this.most;
  }

  listFull(): string[] {
    return [...this.#counts.keys()].filter((owner) => this.isFull(owner));
  }

  #count(owner: string): number {
    return this.#counts.get(owner) ?? 0;
  }
}
