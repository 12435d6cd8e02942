import { appendFileSync, readFileSync, rmSync } from "node:fs";

import { findStorageFault } from "@loupe/contracts";
import { z } from "zod";

/** One step as the journal keeps it: the point of the curve and what was known of the pace. */
const JournalEntry = z.object({
  step: z.int().min(1),
  loss: z.number(),
  terms: z.record(z.string(), z.number()),
  stepsPerSecond: z.number(),
  secondsLeft: z.number(),
});
export type JournalEntry = z.infer<typeof JournalEntry>;

/**
 * The curve of a run on disk, beside its checkpoints: one JSON line for each step.
 *
 * The database is written a few times a second, so a killed worker takes points with it that its
 * last checkpoint already counts as done. They are restored from here. Lines are appended at
 * once, which outlives the process, and not flushed to the disk: after a power cut the checkpoint
 * and the journal are both as old as the system's last flush.
 */
export class RunJournal {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  append({ step, loss, terms, stepsPerSecond, secondsLeft }: JournalEntry): void {
    const entry: JournalEntry = { step, loss, terms, stepsPerSecond, secondsLeft };
    // The line break comes first, so that a line cut short by a crash does not spoil the next.
    try {
      appendFileSync(this.#file, `\n${JSON.stringify(entry)}`);
    } catch (error) {
      // On a full disk the curve may have a gap after a crash; the training is worth more.
      if (findStorageFault(error) === null) throw error;
    }
  }

  clear(): void {
    rmSync(this.#file, { force: true });
  }

  /** The newest entry of every step up to one, by step; a line cut short by a crash is left out. */
  readUpTo(lastStep: number): JournalEntry[] {
    const entries = new Map<number, JournalEntry>();
    for (const line of this.#readText().split("\n")) {
      const entry = parseLine(line);
      if (entry !== null && entry.step <= lastStep) entries.set(entry.step, entry);
    }
    return [...entries.values()].sort((a, b) => a.step - b.step);
  }

  #readText(): string {
    try {
      return readFileSync(this.#file, "utf8");
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
      throw error;
    }
  }
}

function parseLine(line: string): JournalEntry | null {
  try {
    return JournalEntry.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}
