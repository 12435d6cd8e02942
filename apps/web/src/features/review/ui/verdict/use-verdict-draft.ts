"use client";

import type { CaseId } from "@loupe/contracts";
import { useMemo, useSyncExternalStore } from "react";

import { useMe } from "../../../session/index.ts";
import { keepDraft, openVerdictDrafts, type VerdictDraft } from "./verdict-drafts.ts";

const opened = new Map<string, ReturnType<typeof openVerdictDrafts>>();
const NO_DRAFTS: VerdictDraft[] = [];

function draftsOf(userId: string): ReturnType<typeof openVerdictDrafts> {
  const known = opened.get(userId);
  if (known) return known;
  const store = typeof window === "undefined" ? null : window.localStorage;
  const drafts = openVerdictDrafts(userId, store);
  // The server has no store, and its module outlives a request: nothing to remember there.
  if (store) opened.set(userId, drafts);
  return drafts;
}

type DraftDoor = {
  readonly draft: VerdictDraft | null;
  /** Change the draft; the version is that of the first change. */
  readonly edit: (
    change: Partial<Omit<VerdictDraft, "caseId" | "seenVersion">>,
    seenVersion: number,
  ) => void;
  readonly drop: () => void;
};

/** What I have begun to say about a case. */
export function useVerdictDraft(caseId: CaseId): DraftDoor {
  const me = useMe();
  const store = useMemo(() => draftsOf(me.user.id), [me.user.id]);
  const drafts = useSyncExternalStore(store.subscribe, store.get, () => NO_DRAFTS);
  const draft = drafts.find((candidate) => candidate.caseId === caseId) ?? null;
  return {
    draft,
    edit: (change, seenVersion) => {
      const begun = draft ?? { caseId, value: null, defectType: "", note: "", seenVersion };
      store.set(keepDraft(store.get(), { ...begun, ...change }));
    },
    drop: () => store.set(store.get().filter((candidate) => candidate.caseId !== caseId)),
  };
}
