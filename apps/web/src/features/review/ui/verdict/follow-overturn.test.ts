import type { CaseId, CaseState, VerdictId } from "@loupe/contracts";
import { expect, test } from "vitest";

import { askOverturn, followOverturn } from "./follow-overturn.ts";

const shown = (version: number, verdict: string | null, state: CaseState = "decided") => ({
  id: "case-1" as CaseId,
  version,
  state,
  verdict: verdict === null ? null : { id: verdict as VerdictId },
});
const ask = askOverturn(shown(3, "north"), "defective");

test("an overturning goes out as of the version that was asked about", () => {
  expect(ask).toMatchObject({ caseId: "case-1", value: "defective", version: 3 });
  expect(followOverturn(ask, shown(3, "north"), 3)).toEqual({ kind: "same", seenVersion: 3 });
  // The dialog shows what stood when it opened, however short a while ago that had come.
  expect(followOverturn(ask, shown(3, "north"), 2)).toEqual({ kind: "same", seenVersion: 3 });
});

test("another decision is told, and is only overturned once that has been seen", () => {
  const other = shown(4, "south");
  expect(followOverturn(ask, other, 3)).toEqual({ kind: "decision changed", seenVersion: 3 });
  expect(followOverturn(ask, other, 4)).toEqual({ kind: "decision changed", seenVersion: 4 });
});

test("a new score under the same decision is no other decision", () => {
  const scored = followOverturn(ask, shown(4, "north"), 3);
  expect(scored).toEqual({ kind: "case changed", seenVersion: 3 });
});

test("a withdrawn decision, or one that became unsure, leaves nothing to overturn", () => {
  expect(followOverturn(ask, shown(4, null, "open"), 4)).toEqual({ kind: "undecided" });
  expect(followOverturn(ask, shown(4, "south", "in_review"), 4)).toEqual({ kind: "undecided" });
});
