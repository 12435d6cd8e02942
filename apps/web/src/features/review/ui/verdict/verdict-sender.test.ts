import {
  type CaseView,
  type ErrorCode,
  GiveVerdictInput,
  ProjectId,
  type WithdrawVerdictInput,
} from "@loupe/contracts";
import { expect, test } from "vitest";

import type { ErrorDescription } from "../../../../lib/describe-error.ts";
import type { UndoFate } from "./say-undo.ts";
import { type JournalEntry, VerdictJournal } from "./verdict-journal.ts";
import { VerdictSender } from "./verdict-sender.ts";

const uuid = (n: number) => `018f0000-0000-7000-8000-${String(n).padStart(12, "0")}`;
const project = ProjectId.parse(uuid(1));
const verdict = (n: number) =>
  GiveVerdictInput.parse({
    projectId: project,
    caseId: uuid(n),
    value: "good",
    seenVersion: 0,
    idempotencyKey: uuid(100 + n),
  });
const failure = (code: ErrorCode) =>
  Object.assign(new Error(code), { data: { failure: { code, message: code, details: {} } } });
const gone = new TypeError("Failed to fetch");

/** A server that answers as told, and a clock that is turned by hand. */
function aSender() {
  const journal = new VerdictJournal("j", null);
  const calls: string[] = [];
  const refused: [JournalEntry, ErrorDescription][] = [];
  let planned: { work: () => void; afterMs: number } | null = null;
  const server = { answer: (): Promise<CaseView> => Promise.resolve({} as CaseView) };
  const call = (what: string) => (input: WithdrawVerdictInput | GiveVerdictInput) => {
    calls.push(`${what} ${Number(input.idempotencyKey.slice(-3)) - 100}`);
    return server.answer();
  };
  const sender = new VerdictSender({
    projectId: project,
    journal,
    give: call("give"),
    withdraw: call("withdraw"),
    onAnswer: () => undefined,
    onRefused: (entry, why) => {
      if (!entry.isTakenBack) {
        journal.refuse(entry.input.idempotencyKey, { sentence: why.sentence, change: null });
      }
      refused.push([entry, why]);
    },
    schedule: (work, afterMs) => {
      planned = { work, afterMs };
      return () => (planned = null);
    },
  });
  const fates: UndoFate["kind"][] = [];
  const tell = (fate: UndoFate) => void fates.push(fate.kind);
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const later = async (): Promise<number | null> => {
    const due = planned;
    planned = null;
    due?.work();
    await settle();
    return due?.afterMs ?? null;
  };
  return { sender, journal, calls, refused, server, settle, later, fates, tell };
}

test.each([
  ["the database is gone", failure("UNAVAILABLE")],
  ["no answer comes", gone],
  ["the session has ended", failure("UNAUTHENTICATED")],
])("while %s a verdict waits, is tried again by itself, and arrives", async (_when, error) => {
  const { sender, journal, calls, refused, server, settle, later } = aSender();
  server.answer = () => Promise.reject(error);
  sender.give(verdict(1), "a");
  await settle();
  sender.give(verdict(2), "b");
  await settle();
  expect(await later()).toBe(1000);
  expect(await later()).toBe(2000);
  expect(journal.waiting(project)).toHaveLength(2);

  server.answer = () => Promise.resolve({} as CaseView);
  await later();
  expect(calls.slice(-2)).toEqual(["give 1", "give 2"]);
  expect(journal.get()).toEqual([]);
  expect(refused).toEqual([]);
  expect(await later()).toBeNull();
});

test("the server's own refusal is final, and stays for its author", async () => {
  const { sender, journal, refused, server, settle, later } = aSender();
  server.answer = () => Promise.reject(failure("CASE_CHANGED"));
  sender.give(verdict(1), "a");
  await settle();
  expect(refused).toHaveLength(1);
  expect(journal.find(uuid(101))?.refusal).not.toBeNull();
  expect(await later()).toBeNull();
});

test("what is taken back on its way is withdrawn when its answer has come", async () => {
  const { sender, journal, calls, server, settle, fates, tell } = aSender();
  const answers: (() => void)[] = [];
  server.answer = () => new Promise((resolve) => answers.push(() => resolve({} as CaseView)));
  sender.give(verdict(1), "a");
  sender.takeBack({ input: verdict(1), fileName: "a" }, tell);
  await settle();
  expect(calls).toEqual(["give 1"]);
  expect(fates).toEqual([]);
  answers.shift()?.();
  await settle();
  expect(calls).toEqual(["give 1", "withdraw 1"]);
  expect(fates).toEqual([]);
  answers.shift()?.();
  await settle();
  expect(fates).toEqual(["done"]);
  expect(journal.get()).toEqual([]);
});

test("what was taken back before it left is withdrawn and never given", async () => {
  const { sender, journal, calls, server, settle, later, fates, tell } = aSender();
  server.answer = () => Promise.reject(gone);
  sender.give(verdict(1), "a");
  await settle();
  sender.takeBack({ input: verdict(1), fileName: "a" }, tell);
  await settle();
  server.answer = () => Promise.resolve({} as CaseView);
  expect(fates).toEqual(["waiting"]);
  await later();
  expect(fates).toEqual(["waiting", "done"]);
  expect(calls).toEqual(["give 1", "withdraw 1", "withdraw 1"]);
  expect(journal.get()).toEqual([]);
});

test("a withdrawal that comes too late is told and given up", async () => {
  const { sender, journal, refused, server, settle, fates, tell } = aSender();
  server.answer = () => Promise.reject(failure("UNDO_TOO_LATE"));
  sender.takeBack({ input: verdict(1), fileName: "a" }, tell);
  await settle();
  expect(refused[0]?.[1].code).toBe("UNDO_TOO_LATE");
  expect(fates).toEqual(["refused"]);
  expect(journal.get()).toEqual([]);
});

test("what is refused while its author takes it back is gone, and not listed as refused", async () => {
  const { sender, journal, calls, server, settle, fates, tell } = aSender();
  let refuse: (error: Error) => void = () => undefined;
  server.answer = () => new Promise((_resolve, reject) => (refuse = reject));
  sender.give(verdict(1), "a");
  sender.takeBack({ input: verdict(1), fileName: "a" }, tell);
  refuse(failure("CASE_CHANGED"));
  await settle();
  expect(calls).toEqual(["give 1"]);
  expect(journal.get()).toEqual([]);
  expect(fates).toEqual(["done"]);
});

test("nothing is sent twice at once, and nothing after it was stopped", async () => {
  const { sender, calls, server, settle, later } = aSender();
  let answer: (error: Error) => void = () => undefined;
  server.answer = () => new Promise((_resolve, reject) => (answer = reject));
  sender.give(verdict(1), "a");
  void sender.flush();
  await settle();
  expect(calls).toEqual(["give 1"]);
  sender.stop();
  answer(gone);
  await settle();
  expect(await later()).toBeNull();
});
