import type { CaseId, CaseRow } from "@loupe/contracts";
import { expect, test } from "vitest";

import { nextUndecided } from "./queue-order.ts";

const id = (name: string) => name as CaseId;
const rows = [
  { id: id("a"), state: "open" },
  { id: id("b"), state: "decided" },
  { id: id("c"), state: "in_review" },
  { id: id("d"), state: "open" },
] satisfies Pick<CaseRow, "id" | "state">[];

test("finds the next case to decide, below first and then above", () => {
  expect(nextUndecided(rows, id("a"), new Set())).toBe("c");
  expect(nextUndecided(rows, id("d"), new Set())).toBe("a");
});

test("passes over verdicts that are on their way, and ends when nothing is left", () => {
  expect(nextUndecided(rows, id("a"), new Set([id("c")]))).toBe("d");
  expect(nextUndecided(rows, id("a"), new Set([id("c"), id("d")]))).toBeNull();
});
