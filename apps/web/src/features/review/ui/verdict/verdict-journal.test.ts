import { GiveVerdictInput, ProjectId } from "@loupe/contracts";
import fc from "fast-check";
import { expect, test, vi } from "vitest";

import { findEntry, type JournalEntry, readCaseChange, VerdictJournal } from "./verdict-journal.ts";

const uuid = (n: number) => `018f0000-0000-7000-8000-${String(n).padStart(12, "0")}`;
const verdict = (caseNumber: number, key: number, value: "good" | "unsure" = "good") =>
  GiveVerdictInput.parse({
    projectId: uuid(1),
    caseId: uuid(caseNumber),
    value,
    seenVersion: 4,
    idempotencyKey: uuid(key),
  });

const project = ProjectId.parse(uuid(1));

function memory() {
  const items = new Map<string, string>();
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
  };
}

test("still has the verdict after a reload, with the version seen and the same key", () => {
  const store = memory();
  new VerdictJournal("j", store).add(verdict(10, 100), "003.png");
  expect(new VerdictJournal("j", store).waiting(project)).toEqual([
    { input: verdict(10, 100), fileName: "003.png", refusal: null, isTakenBack: false },
  ]);
});

test("sends in the order given, and only the last word on a case", () => {
  const journal = new VerdictJournal("j", memory());
  journal.add(verdict(10, 100), "a");
  journal.add(verdict(11, 101), "b");
  journal.add(verdict(10, 102, "unsure"), "a");
  expect(journal.waiting(project).map((entry) => entry.input.idempotencyKey)).toEqual([
    uuid(101),
    uuid(102),
  ]);
});

test("keeps what was refused, with what changed, until its author has dealt with it", () => {
  const store = memory();
  const journal = new VerdictJournal("j", store);
  journal.add(verdict(10, 100), "a");
  const change = readCaseChange({
    change: {
      currentVersion: 5,
      state: "decided",
      score: 1,
      verdict: {
        id: uuid(7),
        value: "good",
        defectType: null,
        note: "",
        author: { id: "north", name: "Reviewer North" },
        modelVersionNumber: 1,
        seenVersion: 4,
        createdAt: "2026-06-01T10:00:00.000Z",
      },
    },
  });
  expect(change?.verdict?.createdAt).toEqual(new Date("2026-06-01T10:00:00.000Z"));
  journal.refuse(uuid(100), { sentence: "The case changed.", change });

  const reopened = new VerdictJournal("j", store);
  expect(reopened.waiting(project)).toEqual([]);
  expect(findEntry(reopened.get(), verdict(10, 1).caseId)?.refusal?.change).toEqual(change);
  reopened.remove(uuid(100));
  expect(reopened.get()).toEqual([]);
});

test("makes nothing of details that carry no change", () => {
  expect(readCaseChange({})).toBeNull();
  expect(readCaseChange({ change: { currentVersion: "five" } })).toBeNull();
});

test("keeps what an older page wrote, and what can be read beside an entry that cannot", () => {
  const store = memory();
  const { overturnReason: _newer, ...input } = verdict(10, 100);
  store.setItem(
    "j",
    JSON.stringify([{ from: "the future" }, { input, fileName: "a", refusal: null }]),
  );
  expect(new VerdictJournal("j", store).get()).toEqual([
    { input: verdict(10, 100), fileName: "a", refusal: null, isTakenBack: false },
  ]);
});

test("two tabs of one person lose nothing of each other", () => {
  const store = memory();
  const [here, there] = [new VerdictJournal("j", store), new VerdictJournal("j", store)];
  here.add(verdict(10, 100), "a");
  here.refuse(uuid(100), { sentence: "The case changed.", change: null });
  there.add(verdict(11, 101), "b");
  const reopened = new VerdictJournal("j", store).get();
  expect(reopened.map(({ fileName, refusal }) => [fileName, refusal?.sentence])).toEqual([
    ["a", "The case changed."],
    ["b", undefined],
  ]);
});

test("a verdict that was taken back is none any more, and is still to be told", () => {
  const journal = new VerdictJournal("j", memory());
  journal.add(verdict(10, 100), "a");
  journal.takeBack(verdict(10, 100), "a");
  journal.add(verdict(10, 101, "unsure"), "a");
  expect(findEntry(journal.get(), verdict(10, 1).caseId)?.input.value).toBe("unsure");
  expect(journal.waiting(project).map(({ isTakenBack }) => isTakenBack)).toEqual([true, false]);
});

const namesOf = (entries: readonly JournalEntry[]) => entries.map(({ fileName }) => fileName);
const keys = (entries: readonly JournalEntry[]) => entries.map(({ input }) => input.idempotencyKey);

test.each([
  ["there is no storage", null],
  [
    "the storage is full",
    {
      getItem: () => null,
      setItem: () => {
        throw new DOMException("full", "QuotaExceededError");
      },
    },
  ],
  [
    "the storage is forbidden",
    {
      getItem: () => {
        throw new DOMException("no", "SecurityError");
      },
      setItem: () => {
        throw new DOMException("no", "SecurityError");
      },
    },
  ],
])("where %s verdicts wait all the same, for as long as the page is open", (_where, store) => {
  const journal = new VerdictJournal("j", store);
  const told = vi.fn();
  journal.subscribe(told);
  journal.add(verdict(10, 100), "a");
  journal.add(verdict(11, 101), "b");
  journal.refresh();
  expect(namesOf(journal.waiting(project))).toEqual(["a", "b"]);
  journal.remove(uuid(100));
  expect(namesOf(journal.get())).toEqual(["b"]);
  expect(told).toHaveBeenCalledTimes(3);
});

test("a storage with room again has all that waits", () => {
  const store = memory();
  const write = store.setItem;
  const journal = new VerdictJournal("j", store);
  store.setItem = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  journal.add(verdict(10, 100), "a");
  expect(new VerdictJournal("j", store).get()).toEqual([]);
  store.setItem = write;
  journal.add(verdict(11, 101), "b");
  expect(namesOf(new VerdictJournal("j", store).waiting(project))).toEqual(["a", "b"]);
});

test("of another project nothing is sent, and of another person nothing is seen", () => {
  const store = memory();
  const journal = new VerdictJournal("loupe.verdicts.north", store);
  journal.add({ ...verdict(10, 100), projectId: ProjectId.parse(uuid(2)) }, "a");
  expect(journal.waiting(project)).toEqual([]);
  expect(journal.get()).toHaveLength(1);
  expect(new VerdictJournal("loupe.verdicts.south", store).get()).toEqual([]);
});

test("what another tab has sent waits here no more, and listeners hear it once", () => {
  const store = memory();
  const here = new VerdictJournal("j", store);
  here.add(verdict(10, 100), "a");
  const there = new VerdictJournal("j", store);
  const told = vi.fn();
  here.subscribe(told);
  there.remove(uuid(100));
  expect(namesOf(here.get())).toEqual(["a"]);
  here.refresh();
  here.refresh();
  expect(here.waiting(project)).toEqual([]);
  expect(told).toHaveBeenCalledTimes(1);
});

test("the last word on a case counts, whichever tab it was given in", () => {
  const store = memory();
  const [here, there] = [new VerdictJournal("j", store), new VerdictJournal("j", store)];
  here.add(verdict(10, 100), "a");
  there.add(verdict(10, 101, "unsure"), "a");
  here.refresh();
  expect(keys(here.waiting(project))).toEqual([uuid(101)]);
  // The answer to the first comes late; it says nothing about the second.
  here.remove(uuid(100));
  here.refuse(uuid(100), { sentence: "The case changed.", change: null });
  expect(keys(there.waiting(project))).toEqual([uuid(101)]);
  expect(here.find(uuid(100))).toBeNull();
});

test("a refused verdict makes way for another one on the same case", () => {
  const journal = new VerdictJournal("j", memory());
  journal.add(verdict(10, 100), "a");
  journal.refuse(uuid(100), { sentence: "The case changed.", change: null });
  journal.add(verdict(10, 101, "unsure"), "a");
  expect(keys(journal.get())).toEqual([uuid(101)]);
});

test("whatever two tabs do, a reload finds what they have, and one verdict at most on a case", () => {
  const step = fc.record({
    tab: fc.nat(1),
    what: fc.constantFrom("add", "takeBack", "remove", "refuse"),
    caseNumber: fc.integer({ min: 10, max: 12 }),
    key: fc.integer({ min: 100, max: 106 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const store = memory();
      const tabs = [new VerdictJournal("j", store), new VerdictJournal("j", store)];
      const added: string[] = [];
      for (const [at, { tab, what, caseNumber, key }] of steps.entries()) {
        const journal = tabs[tab]!;
        // Each verdict has a key of its own; the others name one that was given before.
        const known = added[key % Math.max(1, added.length)] ?? uuid(key);
        if (what === "add") {
          const input = verdict(caseNumber, 200 + at);
          journal.add(input, String(at));
          added.push(input.idempotencyKey);
        } else if (what === "takeBack") {
          const given = tabs[tab]!.find(known);
          if (given !== null) journal.takeBack(given.input, given.fileName);
        } else if (what === "remove") journal.remove(known);
        else journal.refuse(known, { sentence: "no", change: null });
      }
      const reopened = new VerdictJournal("j", store);
      for (const tab of tabs) {
        tab.refresh();
        expect(tab.get()).toEqual(reopened.get());
      }
      const standing = reopened.get().filter(({ isTakenBack }) => !isTakenBack);
      expect(new Set(standing.map(({ input }) => input.caseId)).size).toBe(standing.length);
      expect(new Set(keys(reopened.get())).size).toBe(reopened.get().length);
    }),
  );
});
