"use client";

import type { CaseId, CaseView, VerdictValue } from "@loupe/contracts";
import { useState } from "react";

import { useProject } from "../../projects/index.ts";
import { useSeenVersion } from "./use-seen-version.ts";
import { useVerdictDraft } from "./use-verdict-draft.ts";
import type { VerdictDraft } from "./verdict-drafts.ts";
import { findEntry, type JournalEntry } from "./verdict-journal.ts";
import {
  useJournalEntries,
  useVerdictJournal,
  type VerdictOutcome,
} from "./verdict-journal-provider.tsx";

export type CaseVerdictDoor = {
  /** Chosen but not given yet; also what was turned down and may be given again. */
  readonly value: VerdictValue | null;
  readonly defectType: string;
  readonly note: string;
  readonly isSending: boolean;
  /** My verdict on this case that waits for a connection, or was turned down. */
  readonly entry: JournalEntry | null;
  /** A colleague acted on the case after I had begun to choose. */
  readonly hasChangedSince: boolean;
  /** The verdict still lacks its defect type. */
  readonly isTypeMissing: boolean;
  readonly edit: (change: Partial<Pick<VerdictDraft, "defectType" | "note">>) => void;
  /** Good and unsure are given at once; defective first asks for its type. */
  readonly choose: (value: VerdictValue) => void;
  /** Give what is chosen, as of the version that its author has seen. */
  readonly confirm: () => void;
  /** After a look at what changed: give the same verdict on the case as it is now. */
  readonly giveAgain: () => void;
  readonly drop: () => void;
};

/** My verdict on a case, from the first key press until the server has it. */
export function useCaseVerdict(
  view: CaseView,
  onGiven: (outcome: VerdictOutcome) => void,
): CaseVerdictDoor {
  const { id: projectId } = useProject();
  const { give, journal } = useVerdictJournal();
  const { draft, edit, drop } = useVerdictDraft(view.id);
  const entry = findEntry(useJournalEntries(), view.id);
  const seen = useSeenVersion(view);
  // By case, since the next one is judged while the last verdict is still on its way.
  const [sending, setSending] = useState<ReadonlySet<CaseId>>(new Set());
  const [typeMissingOf, setTypeMissingOf] = useState<CaseId | null>(null);
  const isSending = sending.has(view.id);
  const isTypeMissing = typeMissingOf === view.id;

  const refused = entry?.refusal ? entry.input : null;
  const value = draft?.value ?? refused?.value ?? null;
  const defectType = draft?.defectType ?? refused?.defectType ?? "";
  const note = draft?.note ?? refused?.note ?? "";

  const submit = async (chosen: VerdictValue, seenVersion: number) => {
    const type = defectType.trim();
    if (chosen === "defective" && type === "") {
      setTypeMissingOf(view.id);
      return;
    }
    setTypeMissingOf(null);
    setSending((others) => new Set([...others, view.id]));
    const outcome = await give(
      {
        projectId,
        caseId: view.id,
        value: chosen,
        defectType: chosen === "defective" ? type : null,
        note: note.trim(),
        seenVersion,
        idempotencyKey: crypto.randomUUID(),
      },
      view.fileName,
    );
    setSending((all) => new Set([...all].filter((id) => id !== view.id)));
    // A refused verdict stays in the journal, from where it is shown again.
    drop();
    onGiven(outcome);
  };

  return {
    value,
    defectType,
    note,
    isSending,
    entry,
    hasChangedSince: draft !== null && draft.value !== null && view.version > draft.seenVersion,
    isTypeMissing,
    edit: (change) => {
      setTypeMissingOf(null);
      edit({ value, defectType, note, ...change }, seen);
    },
    choose: (chosen) => {
      if (isSending) return;
      if (chosen === "defective") edit({ value: chosen, defectType, note }, seen);
      else void submit(chosen, draft?.seenVersion ?? seen);
    },
    confirm: () => {
      if (value !== null && !isSending) void submit(value, draft?.seenVersion ?? seen);
    },
    giveAgain: () => {
      if (value !== null && !isSending) void submit(value, view.version);
    },
    drop: () => {
      drop();
      if (refused) journal.remove(refused.idempotencyKey);
    },
  };
}
