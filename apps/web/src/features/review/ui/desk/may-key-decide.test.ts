import { expect, test } from "vitest";

import { mayKeyDecide } from "./may-key-decide.ts";

test("a key leaves a case alone that is not in the list, and asks about one that was decided", () => {
  expect(mayKeyDecide({ state: "open" }, true)).toBe(true);
  expect(mayKeyDecide({ state: "decided" }, true)).toBe(true);
  expect(mayKeyDecide({ state: "open" }, false)).toBe(false);
  expect(mayKeyDecide({ state: "in_review" }, false)).toBe(false);
  expect(mayKeyDecide({ state: "decided" }, false)).toBe(true);
});
