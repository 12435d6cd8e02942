import type { CaseView, UserId } from "@loupe/contracts";
import { expect, test } from "vitest";

import { seenVersion, type Seen } from "./seen-version.ts";

const me = "me" as UserId;
const view = (version: number, author: string | null) =>
  ({
    id: "case-1",
    version,
    verdict: author === null ? null : { author: { id: author } },
  }) as CaseView;
const seen = (version: number) => ({ caseId: "case-1", version }) as Seen;

test("takes a case that was just opened for seen", () => {
  expect(seenVersion(view(3, "north"), null, me)).toBe(3);
  expect(seenVersion(view(3, "north"), { ...seen(9), caseId: "other" } as Seen, me)).toBe(3);
});

test("does not take a colleague's verdict for seen when it has only just come", () => {
  expect(seenVersion(view(4, "north"), seen(3), me)).toBe(3);
});

test("takes one's own verdict for seen at once", () => {
  expect(seenVersion(view(4, "me"), seen(3), me)).toBe(4);
});
