import type { CaseView, VerdictId } from "@loupe/contracts";
import { expect, test } from "vitest";

import { applyWithdrawalToCase, type CaseWithdrawal } from "./apply-withdrawal-event.ts";

const verdict = (id: string) => ({ id, value: "good", withdrawnAt: null });
const view = {
  id: "case-1",
  state: "decided",
  version: 2,
  verdict: verdict("newest"),
  verdicts: [verdict("newest"), verdict("older")],
} as unknown as CaseView;
const event = {
  caseId: view.id,
  state: "in_review",
  version: 3,
  verdict: verdict("older"),
  withdrawn: { id: "newest" as VerdictId, at: new Date(5) },
} as unknown as CaseWithdrawal;

test("brings back what stood before, and marks what was taken back", () => {
  const next = applyWithdrawalToCase(view, event);
  expect(next).toMatchObject({ state: "in_review", version: 3, verdict: { id: "older" } });
  expect(next.verdicts.map(({ withdrawnAt }) => withdrawnAt)).toEqual([new Date(5), null]);
  expect(applyWithdrawalToCase(next, event)).toBe(next);
});

test("marks the history without going back to it when it comes late", () => {
  const next = applyWithdrawalToCase({ ...view, version: 4 }, event);
  expect(next).toMatchObject({ state: "decided", version: 4 });
  expect(next.verdicts[0]?.withdrawnAt).toEqual(new Date(5));
});

test("leaves other cases alone", () => {
  const other = { ...view, id: "case-2" } as CaseView;
  expect(applyWithdrawalToCase(other, event)).toBe(other);
});
