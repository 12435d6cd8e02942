import { readFile } from "node:fs/promises";

import { z } from "zod";

import { tallyWithExitCode, type Tally } from "./tally.ts";

/** The part of Playwright's JSON report that we count. `flaky` cannot happen: nothing is retried. */
const PlaywrightReport = z.object({
  stats: z.object({
    expected: z.int(),
    unexpected: z.int(),
    flaky: z.int(),
    skipped: z.int(),
  }),
  errors: z.array(z.unknown()),
});

/** Count Playwright's JSON report. An error outside any test counts as a failure. */
export async function readPlaywrightReport(file: string, exitCode: number): Promise<Tally> {
  const text = await readFile(file, "utf8").catch(() => null);
  if (text === null) return tallyWithExitCode(null, exitCode);
  const { stats, errors } = PlaywrightReport.parse(JSON.parse(text));
  const tally = {
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + errors.length,
    skipped: stats.skipped,
  };
  return tallyWithExitCode(tally, exitCode);
}
