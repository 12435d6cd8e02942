import { expect, test } from "vitest";

import { safeReturnPath } from "./safe-return-path.ts";

test.each([
  "/projects/7/review?case=3",
  "/projects/7/review?state=all&category=worn%20edge&case=3#history",
  "/projects?return=https://elsewhere.example",
  "/sign-in-help",
])("goes back to %s of this site", (path) => {
  expect(safeReturnPath(path)).toBe(path);
});

test.each([
  null,
  "",
  "https://elsewhere.example",
  "//elsewhere.example",
  "/\\elsewhere.example",
  "\\\\elsewhere.example",
  "%2f%2felsewhere.example",
  "/%2f%2felsewhere.example",
  "/%2Felsewhere.example",
  "/%5celsewhere.example",
  "/.//elsewhere.example",
  "/a/..//elsewhere.example",
  "http:elsewhere.example",
  "///elsewhere.example",
  "\u0000//elsewhere.example",
  "/\t/elsewhere.example",
  "javascript:alert(1)",
  "JavaScript:alert(1)",
  "data:text/html,hello",
  "projects/7",
  "/sign-in?next=/sign-in",
])("does not follow %s", (path) => {
  expect(safeReturnPath(path)).toBe("/");
});
