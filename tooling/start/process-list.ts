import { renameSync, writeFileSync } from "node:fs";

/**
 * A small file that says which processes run, for people and for tests that end one.
 *
 * It is written at once and appears whole: web and worker start within the same moment, and two
 * writes under way would leave a file that is neither.
 */
export class ProcessList {
  readonly #pids: Record<string, number | undefined> = { launcher: process.pid };

  constructor(
    readonly file: string,
    readonly address: string,
  ) {}

  set(name: string, pid: number | undefined): void {
    this.#pids[name] = pid;
    const draft = `${this.file}.draft`;
    writeFileSync(draft, JSON.stringify({ address: this.address, pids: this.#pids }));
    renameSync(draft, this.file);
  }
}
