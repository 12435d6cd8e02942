import type { CaseView, UserId } from "@loupe/contracts";
import { expect, test } from "vitest";

import { seenVersion, type Seen } from "./seen-version.ts";

const me = "me" as UserId;
const view = (version: number, author: string | null, withdrawnAt: Date | null = null) =>
  ({
    id: "case-1",
    version,
    verdicts:
      author === null ? [] : [{ author: { id: author }, seenVersion: version - 1, withdrawnAt }],
  }) as CaseView;
const seen = (version: number) => ({ caseId: "case-1", version }) as Seen;

test("takes a case that was just opened for seen", () => {
  expect(seenVersion(view(3, "north"), null, me)).toBe(3);
  expect(seenVersion(view(3, "north"), { ...seen(9), caseId: "other" } as Seen, me)).toBe(3);
});

test("does not take a colleague's verdict for seen when it has only just come", () => {
  expect(seenVersion(view(4, "north"), seen(3), me)).toBe(3);
});

test("takes one's own verdict for seen at once, and that one took it back", () => {
  expect(seenVersion(view(4, "me"), seen(3), me)).toBe(4);
  const [verdict] = view(4, "me", new Date(0)).verdicts;
  const withdrawn = { ...view(5, null), verdicts: verdict ? [verdict] : [] };
  expect(seenVersion(withdrawn, seen(3), me)).toBe(5);
  expect(seenVersion({ ...withdrawn, version: 6 }, seen(3), me)).toBe(3);
});
