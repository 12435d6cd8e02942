import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { readSpace as readSpaceOfSystem, type ReadSpace, type Space } from "./read-space.ts";

/** Below this share of free space people are warned … */
const LOW_SHARE = 0.05;
/** … and above this one no longer: a value that sways around one limit is not news each time. */
const WELL_SHARE = 0.07;

export type StorageState = Space & {
  /** The folder whose disk has the smallest share of room. */
  readonly folder: string;
  readonly isLow: boolean;
};

/** Knows whether the disks that a home folder lies on are about to be full. */
export class StorageWatch {
  #isLow = false;

  constructor(
    private readonly home: string,
    private readonly readSpace: ReadSpace = readSpaceOfSystem,
  ) {}

  /** The tightest of the disks now; null when none can be asked. */
  async look(): Promise<StorageState | null> {
    const found: (Space & { folder: string })[] = [];
    for (const folder of await this.#folders()) {
      const space = await this.readSpace(folder).catch(() => null);
      if (space !== null && space.totalBytes > 0) found.push({ folder, ...space });
    }
    const [worst] = found.sort((a, b) => shareOf(a) - shareOf(b));
    if (worst === undefined) return null;
    this.#isLow = shareOf(worst) < (this.#isLow ? WELL_SHARE : LOW_SHARE);
    return { ...worst, isLow: this.#isLow };
  }

  /** The home, and where the embedded database lies when that is elsewhere. */
  async #folders(): Promise<string[]> {
    const elsewhere = await readFile(join(this.home, "postgres.location"), "utf8").catch(() => "");
    const folder = elsewhere.trim();
    // The parent: the database's own folder is its account's alone.
    return folder === "" ? [this.home] : [this.home, dirname(folder)];
  }
}

function shareOf({ freeBytes, totalBytes }: Space): number {
  return freeBytes / totalBytes;
}
