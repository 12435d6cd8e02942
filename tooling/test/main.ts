import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { environment } from "../env.ts";
import { runCommand } from "../process/run-command.ts";
import { type Chromium, findChromium } from "./find-chromium.ts";
import { readPlaywrightReport } from "./read-playwright-report.ts";
import { runVitest } from "./run-vitest.ts";
import { addTallies, formatTally, type Tally } from "./tally.ts";

const ADVICE = "Install Chromium or Google Chrome, or set LOUPE_CHROMIUM to one.";
/** Tests that could not be run are no success. */
const NOT_RUN: Tally = { passed: 0, failed: 1, skipped: 0 };

process.exitCode = await runAllTests();

/** Run every test of the clone and end with the line "N passed, N failed"; returns the exit code. */
async function runAllTests(): Promise<number> {
  const reports = await mkdtemp(join(tmpdir(), "loupe-reports-"));
  try {
    const generated = await runCommand("npm", ["run", "--silent", "generate"]);
    if (generated.exitCode !== 0) {
      process.stderr.write("The database client could not be generated, so no test was run.\n");
    }
    // Before any test: the software GPU of the engine's tests comes with Chromium.
    const chromium = await findChromium();
    const tallies =
      generated.exitCode === 0
        ? [
            await runTestsOutsideOfPages(chromium, reports),
            await runPlaywright(chromium, join(reports, "e2e.json")),
          ]
        : [{ passed: 0, failed: 1, skipped: 0 }];
    const sum = addTallies(tallies);
    process.stdout.write(`${formatTally(sum)}\n`);
    return sum.failed === 0 && sum.passed > 0 ? 0 : 1;
  } finally {
    await rm(reports, { recursive: true, force: true });
  }
}

async function runTestsOutsideOfPages(chromium: Chromium, reports: string): Promise<Tally> {
  process.stdout.write("\n== unit, database, worker and component tests ==\n");
  const tally = await runVitest({
    reports,
    hasCoverage: environment().LOUPE_COVERAGE,
    hasBrowser: chromium.kind !== "missing",
    env: chromiumEnvironment(chromium),
  });
  if (chromium.kind !== "missing") return tally;
  process.stdout.write(
    `The component tests (*.browser.test.tsx) were not run: ${chromium.reason} ${ADVICE}\n`,
  );
  return addTallies([tally, NOT_RUN]);
}

async function runPlaywright(chromium: Chromium, reportFile: string): Promise<Tally> {
  process.stdout.write("\n== end-to-end tests ==\n");
  if (chromium.kind === "missing") {
    process.stdout.write(
      `The end-to-end tests (e2e/) were not run: ${chromium.reason} ${ADVICE}\n`,
    );
    return NOT_RUN;
  }
  const env = { PLAYWRIGHT_JSON_OUTPUT_FILE: reportFile, ...chromiumEnvironment(chromium) };
  const { exitCode } = await runCommand(
    "npx",
    ["playwright", "test", "--config", "e2e/playwright.config.ts", "--reporter=list,json"],
    { env },
  );
  return readPlaywrightReport(reportFile, exitCode);
}

/** Where tests that need a browser find it; Playwright's own copy they find by themselves. */
function chromiumEnvironment(chromium: Chromium): Record<string, string> {
  return chromium.kind === "installed" ? { LOUPE_CHROMIUM: chromium.path } : {};
}
