import { appendFileSync, existsSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { scratchFolder } from "../testing/scratch-folder.ts";
import { RunJournal, type JournalEntry } from "./run-journal.ts";

const scratch = scratchFolder();

function entry(step: number, loss = step / 10): JournalEntry {
  return { step, loss, terms: { cosine: loss }, stepsPerSecond: 3, secondsLeft: 9 };
}

describe("RunJournal", () => {
  test("gives back the steps up to a checkpoint, the newest of each, in order", () => {
    const journal = new RunJournal(join(scratch.path, "a.jsonl"));
    for (const step of [1, 2, 3, 4]) journal.append(entry(step));
    journal.append(entry(3, 7));
    expect(journal.readUpTo(3)).toEqual([entry(1), entry(2), entry(3, 7)]);
  });

  test("leaves out a line that a crash cut short", () => {
    const file = join(scratch.path, "b.jsonl");
    const journal = new RunJournal(file);
    journal.append(entry(1));
    appendFileSync(file, '\n{"step":2,"loss":0.');
    expect(journal.readUpTo(9)).toEqual([entry(1)]);
  });

  test("is empty where there is no file, also after clearing", () => {
    const journal = new RunJournal(join(scratch.path, "c.jsonl"));
    expect(journal.readUpTo(9)).toEqual([]);
    journal.append(entry(1));
    journal.clear();
    expect(journal.readUpTo(9)).toEqual([]);
  });

  // Writing to this device fails as on a full disk.
  test.skipIf(!existsSync("/dev/full"))("a full disk does not end the training", () => {
    const journal = new RunJournal("/dev/full");
    expect(() => journal.append(entry(1))).not.toThrow();
  });

  test("goes on after a cut line without losing the next step", () => {
    const file = join(scratch.path, "d.jsonl");
    appendFileSync(file, '{"step":1,"lo');
    const journal = new RunJournal(file);
    journal.append(entry(2));
    journal.append(entry(3));
    expect(journal.readUpTo(9)).toEqual([entry(2), entry(3)]);
  });
});
