"use client";

import type { CaseId, CaseView, GiveVerdictInput, VerdictValue } from "@loupe/contracts";
import { useState } from "react";

import { useProject } from "../../../projects/index.ts";
import { useMe } from "../../../session/index.ts";
import type { DeskStore } from "../desk/desk-store.ts";
import type { OverturnNow } from "./follow-overturn.ts";
import { mayCorrect } from "./may-correct.ts";
import { useOverturn } from "./use-overturn.ts";
import { useSeenVersion } from "../desk/use-seen-version.ts";
import { useVerdictDraft } from "./use-verdict-draft.ts";
import type { VerdictDraft } from "./verdict-drafts.ts";
import { findEntry, type JournalEntry } from "./verdict-journal.ts";
import {
  useJournalEntries,
  useSendingKeys,
  useVerdictJournal,
} from "./verdict-journal-provider.tsx";

export type CaseVerdictDoor = {
  /** Chosen but not given yet; also what was turned down and may be given again. */
  readonly value: VerdictValue | null;
  readonly defectType: string;
  readonly note: string;
  readonly isSending: boolean;
  /** Whether the case is on the screen now, and may be decided. */
  readonly isInView: () => boolean;
  /** My verdict on this case that waits for a connection, or was turned down. */
  readonly entry: JournalEntry | null;
  /** A colleague acted on the case after I had begun to choose. */
  readonly hasChangedSince: boolean;
  /** The verdict still lacks its defect type. */
  readonly isTypeMissing: boolean;
  /** The verdict that would overturn a decision, while its reason is asked for. */
  readonly overturning: VerdictValue | null;
  /** What became of that decision while the reason was being written. */
  readonly decisionNow: OverturnNow["kind"] | null;
  readonly overturnReason: string;
  readonly writeReason: (reason: string) => void;
  readonly edit: (change: Partial<Pick<VerdictDraft, "defectType" | "note">>) => void;
  /** Good and unsure are given at once; defective first asks for its type, a decided case for a reason. */
  readonly choose: (value: VerdictValue) => void;
  /** Give what is chosen, as of the version that its author has seen. */
  readonly confirm: () => void;
  /** After a look at what changed: give the same verdict on the case as it is now. */
  readonly giveAgain: () => void;
  readonly overturn: (reason: string) => void;
  readonly keepDecision: () => void;
  readonly drop: () => void;
  /** Take back a verdict that still waits here. */
  readonly takeBack: () => void;
};

/** My verdict on a case, from the first key press until it is on its way. */
export function useCaseVerdict(view: CaseView, desk: DeskStore): CaseVerdictDoor {
  const { id: projectId } = useProject();
  const me = useMe();
  const { sender, journal } = useVerdictJournal();
  const { draft, edit, drop } = useVerdictDraft(view.id);
  const entry = findEntry(useJournalEntries(), view.id);
  const sending = useSendingKeys();
  const seen = useSeenVersion(view);
  const [typeMissingOf, setTypeMissingOf] = useState<CaseId | null>(null);

  const refused = entry?.refusal ? entry.input : null;
  const value = draft?.value ?? refused?.value ?? null;
  const defectType = draft?.defectType ?? refused?.defectType ?? "";
  const note = draft?.note ?? refused?.note ?? "";
  const overturn = useOverturn(view, {
    seen,
    onLapse: ({ value: chosen, version, reason }) => {
      const kept = [note, reason.trim()].filter((words) => words !== "").join("\n");
      edit({ value: chosen, defectType, note: kept.slice(0, 2000) }, version);
      desk.say(
        `${view.fileName}: the decision was taken back while you wrote. Your choice is kept.`,
      );
    },
  });
  const ask = (chosen: VerdictValue) => overturn.ask(chosen, refused?.overturnReason ?? "");

  /** Only the case on the screen is decided, and only once; whatever is refused is said. */
  const isFree = (): boolean => {
    if (!desk.isInView(view.id)) {
      desk.say(`${view.fileName} is not completely on the screen: nothing was decided.`);
      return false;
    }
    const waiting = findEntry(journal.get(), view.id);
    if (waiting && !waiting.refusal) {
      desk.say(`Your verdict on ${view.fileName} is on its way. Take it back first: U.`);
      return false;
    }
    return true;
  };

  const submit = (chosen: VerdictValue, seenVersion: number, overturnReason: string | null) => {
    const type = defectType.trim();
    if (chosen === "defective" && type === "") {
      setTypeMissingOf(view.id);
      return;
    }
    if (!isFree()) return;
    setTypeMissingOf(null);
    overturn.close();
    const input: GiveVerdictInput = {
      projectId,
      caseId: view.id,
      value: chosen,
      defectType: chosen === "defective" ? type : null,
      note: note.trim(),
      seenVersion,
      idempotencyKey: crypto.randomUUID(),
      overturnReason,
    };
    const onTheirWay = journal.get().map((other) => other.input.caseId);
    sender.give(input, view.fileName);
    // From here the journal keeps it, and shows it again should it be refused.
    drop();
    desk.give(input, view.fileName, new Set(onTheirWay));
  };

  /** A decision is overturned with a reason; one's own slip of a moment ago is only corrected. */
  const isDecided = () => view.state === "decided" && !mayCorrect(view, me.user.id, Date.now());

  return {
    value,
    defectType,
    note,
    isSending: entry !== null && sending.has(entry.input.idempotencyKey),
    isInView: () => desk.isInView(view.id),
    entry,
    hasChangedSince: draft !== null && draft.value !== null && view.version > draft.seenVersion,
    isTypeMissing: typeMissingOf === view.id,
    overturning: overturn.asked?.value ?? null,
    decisionNow: overturn.now?.kind ?? null,
    overturnReason: overturn.asked?.reason ?? "",
    writeReason: overturn.write,
    edit: (change) => {
      setTypeMissingOf(null);
      edit({ value, defectType, note, ...change }, seen);
    },
    choose: (chosen) => {
      if (!isFree()) return;
      if (isDecided()) ask(chosen);
      else if (chosen === "defective") edit({ value: chosen, defectType, note }, seen);
      else submit(chosen, draft?.seenVersion ?? seen, null);
    },
    confirm: () => {
      if (value === null || !isFree()) return;
      const seenVersion = draft?.seenVersion ?? seen;
      // What was begun on an older version is refused with what changed, whatever the case is now.
      if (isDecided() && seenVersion === view.version) ask(value);
      else submit(value, seenVersion, null);
    },
    giveAgain: () => {
      if (value === null || !isFree()) return;
      if (isDecided()) ask(value);
      else submit(value, view.version, refused?.overturnReason ?? null);
    },
    overturn: (reason) => {
      if (overturn.asked && overturn.now) {
        submit(overturn.asked.value, overturn.now.seenVersion, reason);
      }
    },
    keepDecision: overturn.close,
    drop: () => {
      drop();
      if (refused) journal.remove(refused.idempotencyKey);
    },
    takeBack: () => {
      if (entry) sender.takeBack(entry, (fate) => desk.tellUndo(entry, fate));
    },
  };
}
