import { expect, test } from "vitest";

import { keepDraft, type VerdictDraft } from "./verdict-drafts.ts";

const draft = (caseId: string, note: string) =>
  ({ caseId, value: null, defectType: "", note, seenVersion: 1 }) as VerdictDraft;

test("keeps one draft a case, the newest", () => {
  const drafts = keepDraft(keepDraft([], draft("a", "one")), draft("a", "two"));
  expect(drafts.map(({ note }) => note)).toEqual(["two"]);
});

test("forgets a draft that was emptied, and the oldest of very many", () => {
  expect(keepDraft([draft("a", "one")], draft("a", ""))).toEqual([]);
  let many: VerdictDraft[] = [];
  for (let i = 0; i < 60; i++) many = keepDraft(many, draft(`case ${i}`, "x"));
  expect(many).toHaveLength(50);
  expect(many[0]?.caseId).toBe("case 10");
});
