import { CaseChange, GiveVerdictInput, VerdictView, type CaseId } from "@loupe/contracts";
import { z } from "zod";

import { StoredValue } from "../../../lib/stored-value.ts";

const StoredChange = CaseChange.extend({
  verdict: VerdictView.extend({ createdAt: z.coerce.date() }).nullable(),
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
});
export type JournalEntry = z.infer<typeof JournalEntry>;
export type Refusal = NonNullable<JournalEntry["refusal"]>;

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
      schema: z.array(JournalEntry),
      initial: [],
      store,
    });
    this.subscribe = this.#entries.subscribe;
    this.get = this.#entries.get;
  }

  readonly subscribe: (listener: () => void) => () => void;
  readonly get: () => readonly JournalEntry[];

  /** Add a verdict. It replaces an earlier one on the same case, which its author gave up. */
  add(input: GiveVerdictInput, fileName: string): void {
    const others = this.#entries.get().filter((entry) => entry.input.caseId !== input.caseId);
    this.#entries.set([...others, { input, fileName, refusal: null }]);
  }

  /** The server has it, or its author dropped it. */
  remove(idempotencyKey: string): void {
    this.#entries.set(
      this.#entries.get().filter((entry) => entry.input.idempotencyKey !== idempotencyKey),
    );
  }

  /** The server turned it down; it stays for its author to look at. */
  refuse(idempotencyKey: string, refusal: Refusal): void {
    this.#entries.set(
      this.#entries
        .get()
        .map((entry) =>
          entry.input.idempotencyKey === idempotencyKey ? { ...entry, refusal } : entry,
        ),
    );
  }

  /** Those to send, oldest first. */
  waiting(): JournalEntry[] {
    return this.#entries.get().filter((entry) => entry.refusal === null);
  }
}

/** The entry of a case, if there is one. */
export function findEntry(
  entries: readonly JournalEntry[],
  caseId: CaseId | null,
): JournalEntry | null {
  return entries.find((entry) => entry.input.caseId === caseId) ?? null;
}
