import { expect, test } from "vitest";

import { showTyped } from "./show-typed.ts";

test.each([
  ["engineer@example.org", "engineer@example.org"],
  ["Jürgen", "Jürgen"],
  ["a\nlevel=50 msg=forged", "a\\u{a}level=50 msg=forged"],
  ["\u001b[2Jx\u202ey\u2028", "\\u{1b}[2Jx\\u{202e}y\\u{2028}"],
  ["x".repeat(5000), `${"x".repeat(100)}…`],
])("shows %j", (typed, shown) => {
  expect(showTyped(typed)).toBe(shown);
});
