import { renameSync, rmSync, writeFileSync } from "node:fs";

/**
 * A small file that says which processes run, for people and for tests that end one.
 *
 * It is written at once and appears whole: web and worker start within the same moment, and two
 * writes under way would leave a file that is neither. On a disk that takes nothing more it stays
 * as it was: it serves those who look, and what runs needs it not.
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
    try {
      writeFileSync(draft, JSON.stringify({ address: this.address, pids: this.#pids }), {
        mode: 0o600,
      });
      renameSync(draft, this.file);
    } catch {
      removeQuietly(draft);
    }
  }
}

function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // A disk that can only be read keeps what it has.
  }
}
