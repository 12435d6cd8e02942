import { UNDO_WINDOW_MS, type UserId, type VerdictView } from "@loupe/contracts";
import { expect, test } from "vitest";

import { mayCorrect } from "./may-correct.ts";

const me = "me" as UserId;
const by = (author: string) => ({
  verdict: { author: { id: author }, createdAt: new Date(1_000) } as VerdictView,
});

test("one's own decision is corrected for a moment, a colleague's never", () => {
  expect(mayCorrect(by("me"), me, 1_000 + UNDO_WINDOW_MS - 1)).toBe(true);
  expect(mayCorrect(by("me"), me, 1_000 + UNDO_WINDOW_MS)).toBe(false);
  expect(mayCorrect(by("north"), me, 1_001)).toBe(false);
  expect(mayCorrect({ verdict: null }, me, 0)).toBe(false);
});
