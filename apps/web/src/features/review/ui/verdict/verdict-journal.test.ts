import { GiveVerdictInput, ProjectId } from "@loupe/contracts";
import { expect, test } from "vitest";

import { findEntry, readCaseChange, VerdictJournal } from "./verdict-journal.ts";

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
