/**
 * Tells a change of the address that came from elsewhere from the late echo of our own writing.
 *
 * The address is written at once and read back some renders later, with steps left out when
 * several follow each other quickly.
 */
export class AddressEcho {
  #ours: readonly string[] = [];

  wrote(value: string): void {
    this.#ours = [...this.#ours, value];
  }

  /** Whether a value that the address shows now is ours; it and what was written before it are done. */
  isOurs(value: string | null): boolean {
    const at = value === null ? -1 : this.#ours.indexOf(value);
    this.#ours = at < 0 ? [] : this.#ours.slice(at + 1);
    return at >= 0;
  }
}
