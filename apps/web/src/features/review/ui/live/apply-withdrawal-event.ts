import type { CaseView, ProjectEventBody } from "@loupe/contracts";

import { applyVerdictToRow } from "./apply-verdict-event.ts";

export type CaseWithdrawal = Omit<Extract<ProjectEventBody, { type: "case.withdrawn" }>, "type">;

/** Fold a withdrawal into an open case: what counts now, and a mark in the history. */
export function applyWithdrawalToCase(view: CaseView, event: CaseWithdrawal): CaseView {
  if (event.caseId !== view.id) return view;
  const next = applyVerdictToRow(view, event);
  const { id, at } = event.withdrawn;
  const isKnown = view.verdicts.every(
    (verdict) => verdict.id !== id || verdict.withdrawnAt !== null,
  );
  if (isKnown) return next;
  const verdicts = view.verdicts.map((verdict) =>
    verdict.id === id ? { ...verdict, withdrawnAt: at } : verdict,
  );
  return { ...next, verdicts };
}
