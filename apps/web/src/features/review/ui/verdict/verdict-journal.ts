import {
  CaseChange,
  GiveVerdictInput,
  VerdictView,
  type CaseId,
  type ProjectId,
} from "@loupe/contracts";
import { z } from "zod";

import { StoredValue } from "../../../../lib/stored-value.ts";

const StoredChange = CaseChange.extend({
  verdict: VerdictView.extend({
    createdAt: z.coerce.date(),
    withdrawnAt: z.coerce.date().nullable().default(null),
  }).nullable(),
});

/** A verdict that the server has not confirmed yet, or has turned down. */
const JournalEntry = z.object({
  input: GiveVerdictInput,
  fileName: z.string(),
  refusal: z
    .object({
      sentence: z.string(),
      /** What changed, when that was the reason. */
      change: StoredChange.nullable(),
    })
    .nullable(),
  /** Its author took it back: that is what is to be sent, and the verdict no more. */
  isTakenBack: z.boolean().default(false),
});
export type JournalEntry = z.infer<typeof JournalEntry>;
export type Refusal = NonNullable<JournalEntry["refusal"]>;

/** One entry that cannot be read, such as a newer page's, does not take the others along. */
const Entries = z
  .array(z.unknown())
  .transform((entries) => entries.flatMap((entry) => JournalEntry.safeParse(entry).data ?? []));

/** Reads the change that a CASE_CHANGED refusal carries, whether its dates are dates or text. */
export function readCaseChange(details: Readonly<Record<string, unknown>>): CaseChange | null {
  return StoredChange.safeParse(details["change"]).data ?? null;
}

/**
 * Verdicts on their way, kept across reloads and lost connections.
 *
 * Each goes out as it was given, with the version that its author had seen and its idempotency
 * key, however late that is: the server alone judges whether it still holds.
 */
export class VerdictJournal {
  readonly #entries: StoredValue<JournalEntry[]>;

  /** @param key one for each person, since a browser may be shared */
  constructor(key: string, store: Pick<Storage, "getItem" | "setItem"> | null) {
    this.#entries = new StoredValue({
      key,
      schema: Entries,
      initial: [],
      store,
    });
    this.subscribe = this.#entries.subscribe;
    this.get = this.#entries.get;
    this.refresh = () => this.#entries.refresh();
  }

  readonly subscribe: (listener: () => void) => () => void;
  readonly get: () => readonly JournalEntry[];
  /** Take over what another tab of the same person has written. */
  readonly refresh: () => void;

  /** Add a verdict. It replaces an earlier one on the same case, which its author gave up. */
  add(input: GiveVerdictInput, fileName: string): void {
    this.#entries.update((entries) => [
      ...entries.filter((entry) => entry.isTakenBack || entry.input.caseId !== input.caseId),
      { input, fileName, refusal: null, isTakenBack: false },
    ]);
  }

  /** Its author takes a verdict back, wherever it has got to by now. */
  takeBack(input: GiveVerdictInput, fileName: string): void {
    this.#entries.update((entries) => [
      ...entries.filter((entry) => entry.input.idempotencyKey !== input.idempotencyKey),
      { input, fileName, refusal: null, isTakenBack: true },
    ]);
  }

  /** The server has it, or its author dropped it. */
  remove(idempotencyKey: string): void {
    this.#entries.update((entries) =>
      entries.filter((entry) => entry.input.idempotencyKey !== idempotencyKey),
    );
  }

  /** The server turned it down; it stays for its author to look at. */
  refuse(idempotencyKey: string, refusal: Refusal): void {
    this.#entries.update((entries) =>
      entries.map((entry) =>
        entry.input.idempotencyKey === idempotencyKey ? { ...entry, refusal } : entry,
      ),
    );
  }

  find(idempotencyKey: string): JournalEntry | null {
    return (
      this.#entries.get().find((entry) => entry.input.idempotencyKey === idempotencyKey) ?? null
    );
  }

  /** Those of a project to send, oldest first. */
  waiting(projectId: ProjectId): JournalEntry[] {
    return this.#entries
      .get()
      .filter((entry) => entry.refusal === null && entry.input.projectId === projectId);
  }
}

/** The verdict on a case that is on its way or was turned down, if there is one. */
export function findEntry(
  entries: readonly JournalEntry[],
  caseId: CaseId | null,
): JournalEntry | null {
  return entries.find((entry) => !entry.isTakenBack && entry.input.caseId === caseId) ?? null;
}
