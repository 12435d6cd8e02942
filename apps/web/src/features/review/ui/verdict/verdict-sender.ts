import type { CaseView, GiveVerdictInput, ProjectId, WithdrawVerdictInput } from "@loupe/contracts";

import { describeError, type ErrorDescription } from "../../../../lib/describe-error.ts";
import type { UndoFate } from "./say-undo.ts";
import type { JournalEntry, VerdictJournal } from "./verdict-journal.ts";

type SenderOptions = {
  readonly projectId: ProjectId;
  readonly journal: VerdictJournal;
  readonly give: (input: GiveVerdictInput) => Promise<CaseView>;
  readonly withdraw: (input: WithdrawVerdictInput) => Promise<CaseView>;
  /** The server has it: the case as it is now. */
  readonly onAnswer: (view: CaseView) => void;
  /** The server turned it down. A verdict has been marked in the journal; a withdrawal is gone. */
  readonly onRefused: (entry: JournalEntry, why: ErrorDescription) => void;
  /** Run work after a while; returns what calls it off. */
  readonly schedule: (work: () => void, afterMs: number) => () => void;
};

/** The wait before each new attempt, the last one again and again. */
const RETRY_AFTER_MS = [1_000, 2_000, 4_000, 8_000] as const;

/** Failures that pass by themselves: the verdict waits for a better moment. */
function isPassing({ code, isOffline }: ErrorDescription): boolean {
  return isOffline || code === "UNAUTHENTICATED" || code === "TOO_MANY_REQUESTS";
}

/**
 * Brings the journal's verdicts to the server, each once, however often the line or the database
 * is gone in between.
 *
 * What could not be delivered is tried again by itself. Only the server's own "no" ends that.
 */
export class VerdictSender {
  #sending: ReadonlySet<string> = new Set();
  #failures = 0;
  #callOff: (() => void) | null = null;
  #isStopped = false;
  /** Who asked for what to be taken back, by key: they hear how it goes. */
  readonly #undoers = new Map<string, (fate: UndoFate) => void>();
  readonly #listeners = new Set<() => void>();

  constructor(private readonly options: SenderOptions) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Keys of what is on its way at this moment. */
  readonly getSending = (): ReadonlySet<string> => this.#sending;

  /** Keep a verdict and send it. */
  give(input: GiveVerdictInput, fileName: string): void {
    this.options.journal.add(input, fileName);
    void this.#send(input.idempotencyKey);
  }

  /** Take the verdict back, wherever it has got to by now, and tell how that goes. */
  takeBack(
    { input, fileName }: Pick<JournalEntry, "input" | "fileName">,
    tell: (fate: UndoFate) => void,
  ): void {
    this.#undoers.set(input.idempotencyKey, tell);
    this.options.journal.takeBack(input, fileName);
    void this.#send(input.idempotencyKey);
  }

  /** Send everything that waits, one after the other: two may be about one case. */
  async flush(): Promise<void> {
    this.#isStopped = false;
    this.#callOff?.();
    this.#callOff = null;
    const { journal, projectId } = this.options;
    for (const { input } of journal.waiting(projectId)) await this.#send(input.idempotencyKey);
  }

  stop(): void {
    this.#isStopped = true;
    this.#callOff?.();
    this.#callOff = null;
  }

  async #send(key: string): Promise<void> {
    const { journal } = this.options;
    const entry = journal.find(key);
    if (entry === null || entry.refusal !== null || this.#sending.has(key)) return;
    this.#mark(new Set([...this.#sending, key]));
    let isDone: boolean;
    try {
      isDone = await this.#deliver(entry);
    } finally {
      this.#mark(new Set([...this.#sending].filter((other) => other !== key)));
    }
    // Taken back while it was on its way: that is still to be told.
    const now = journal.find(key);
    if (isDone && now?.refusal === null && now.isTakenBack !== entry.isTakenBack) {
      await this.#send(key);
    }
  }

  /** @returns whether the server has answered */
  async #deliver(entry: JournalEntry): Promise<boolean> {
    const { journal, give, withdraw, onAnswer, onRefused } = this.options;
    const { projectId, caseId, idempotencyKey } = entry.input;
    const isUnchanged = () => journal.find(idempotencyKey)?.isTakenBack === entry.isTakenBack;
    try {
      const view = entry.isTakenBack
        ? await withdraw({ projectId, caseId, idempotencyKey })
        : await give(entry.input);
      this.#failures = 0;
      if (isUnchanged()) journal.remove(idempotencyKey);
      onAnswer(view);
      if (entry.isTakenBack) this.#tellUndoer(idempotencyKey, { kind: "done" });
    } catch (error) {
      const why = describeError(error);
      if (isPassing(why)) {
        this.#tellUndoer(idempotencyKey, { kind: "waiting" });
        this.#retryLater();
        return false;
      }
      const isAskedBack = journal.find(idempotencyKey)?.isTakenBack === true;
      onRefused(entry, why);
      // A verdict that was refused while its author took it back needs no taking back.
      if (isAskedBack) journal.remove(idempotencyKey);
      this.#tellUndoer(
        idempotencyKey,
        entry.isTakenBack ? { kind: "refused", why } : { kind: "done" },
      );
    }
    return true;
  }

  #tellUndoer(key: string, fate: UndoFate): void {
    this.#undoers.get(key)?.(fate);
    if (fate.kind !== "waiting") this.#undoers.delete(key);
  }

  #retryLater(): void {
    if (this.#callOff !== null || this.#isStopped) return;
    const afterMs = RETRY_AFTER_MS[Math.min(this.#failures, RETRY_AFTER_MS.length - 1)] ?? 0;
    this.#failures++;
    this.#callOff = this.options.schedule(() => {
      this.#callOff = null;
      void this.flush();
    }, afterMs);
  }

  #mark(sending: ReadonlySet<string>): void {
    this.#sending = sending;
    for (const listener of this.#listeners) listener();
  }
}
