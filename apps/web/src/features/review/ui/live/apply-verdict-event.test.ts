import type { CaseView } from "@loupe/contracts";
import { expect, test } from "vitest";

import {
  applyVerdictToCase,
  applyVerdictToPages,
  applyVerdictToRow,
  type CaseVerdict,
} from "./apply-verdict-event.ts";

const view = {
  id: "case-1",
  state: "open",
  version: 2,
  verdict: null,
  verdicts: [],
} as unknown as CaseView;
const event = (version: number, id = "verdict-1"): CaseVerdict => ({
  caseId: view.id,
  state: "decided",
  version,
  verdict: { id, value: "good" } as CaseVerdict["verdict"],
});

test("brings a newer verdict, and nothing of an older one", () => {
  expect(applyVerdictToRow(view, event(3))).toMatchObject({ state: "decided", version: 3 });
  expect(applyVerdictToRow(view, event(2))).toBe(view);
});

test("adds a verdict to the history once, also when the answer was there before the event", () => {
  const once = applyVerdictToCase(view, event(3));
  expect(once.verdicts).toHaveLength(1);
  expect(applyVerdictToCase(once, event(3))).toBe(once);
});

test("keeps a late verdict in the history without going back to it", () => {
  const newest = applyVerdictToCase(view, event(4, "verdict-2"));
  const late = applyVerdictToCase(newest, event(3, "verdict-1"));
  expect(late.version).toBe(4);
  expect(late.verdict?.id).toBe("verdict-2");
  expect(late.verdicts).toHaveLength(2);
});

test("touches only the page that has the case", () => {
  const pages = [{ rows: [{ ...view, id: "other" } as CaseView] }, { rows: [view] }];
  const next = applyVerdictToPages(pages, event(3));
  expect(next[0]).toBe(pages[0]);
  expect(next[1]?.rows[0]?.state).toBe("decided");
});
