import { expect, test } from "vitest";

import { safeReturnPath } from "./safe-return-path.ts";

test("goes back to a page of this site", () => {
  expect(safeReturnPath("/projects/7/review?case=3")).toBe("/projects/7/review?case=3");
});

test.each([
  null,
  "",
  "https://elsewhere.example",
  "//elsewhere.example",
  "/\\elsewhere.example",
  "/\t/elsewhere.example",
  "javascript:alert(1)",
  "/sign-in?next=/sign-in",
])("does not follow %s", (path) => {
  expect(safeReturnPath(path)).toBe("/");
});
