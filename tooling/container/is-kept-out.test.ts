import { expect, test } from "vitest";

import { isKeptOut } from "./is-kept-out.ts";

test("the last line that names a file or its folder decides", () => {
  const lines = "# comment\n*\n!apps\n!e2e/package.json\n**/node_modules\n**/.env.*\n";
  const isOut = (path: string) => isKeptOut(path, lines);
  expect(isOut("parts.loupe")).toBe(true);
  expect(isOut("apps/web/server.ts")).toBe(false);
  expect(isOut("e2e/package.json")).toBe(false);
  expect(isOut("e2e/support/log.ts")).toBe(true);
  expect(isOut("apps/web/node_modules/next/index.js")).toBe(true);
  expect(isOut("apps/web/.env.local")).toBe(true);
  expect(isOut("apps/web/src/env.ts")).toBe(false);
  expect(isKeptOut("node_modules/a.js", "**/node_modules")).toBe(true);
});
