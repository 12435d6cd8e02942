import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { readPlaywrightReport } from "./read-playwright-report.ts";
import { readVitestReport } from "./read-vitest-report.ts";
import { addTallies, formatTally } from "./tally.ts";

let folder = "";
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "loupe-tally-"))));
afterEach(async () => rm(folder, { recursive: true, force: true }));

async function report(content: unknown): Promise<string> {
  const file = join(folder, "report.json");
  await writeFile(file, JSON.stringify(content));
  return file;
}

test("sums what every runner counted", () => {
  const sum = addTallies([
    { passed: 3, failed: 0, skipped: 1 },
    { passed: 2, failed: 1, skipped: 0 },
  ]);
  expect(formatTally(sum)).toBe("5 passed, 1 failed, 1 skipped");
  expect(formatTally({ passed: 5, failed: 0, skipped: 0 })).toBe("5 passed, 0 failed");
});

test("counts each test of a Vitest report, and a file that could not be loaded as a failure", async () => {
  const file = await report({
    testResults: [
      {
        name: "a.test.ts",
        status: "passed",
        assertionResults: [{ status: "passed" }, { status: "pending" }, { status: "skipped" }],
      },
      { name: "b.test.ts", status: "failed", assertionResults: [{ status: "failed" }] },
      { name: "broken.test.ts", status: "failed", assertionResults: [] },
    ],
  });
  expect(await readVitestReport(file, 1)).toEqual({ passed: 1, failed: 2, skipped: 2 });
});

test("a runner that fails without a failed test is a failure", async () => {
  const file = await report({
    testResults: [
      { name: "a.test.ts", status: "passed", assertionResults: [{ status: "passed" }] },
    ],
  });
  expect(await readVitestReport(file, 1)).toEqual({ passed: 1, failed: 1, skipped: 0 });
});

test("a runner that left no report is a failure, whatever its exit code", async () => {
  const missing = join(folder, "missing.json");
  expect(await readVitestReport(missing, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  expect(await readPlaywrightReport(missing, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
});

test("counts a Playwright report with its errors outside tests", async () => {
  const file = await report({
    stats: { expected: 4, unexpected: 1, flaky: 0, skipped: 2 },
    errors: [{ message: "the server did not start" }],
  });
  expect(await readPlaywrightReport(file, 1)).toEqual({ passed: 4, failed: 2, skipped: 2 });
});
