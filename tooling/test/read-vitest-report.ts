import { readFile } from "node:fs/promises";

import { z } from "zod";

import { tallyWithExitCode, type Tally } from "./tally.ts";

/** The part of Vitest's JSON report that we count. */
const VitestReport = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ status: z.string() })),
    }),
  ),
});

/** Count Vitest's JSON report. A file that could not be loaded counts as one failure. */
export async function readVitestReport(file: string, exitCode: number): Promise<Tally> {
  return tallyWithExitCode(await countReport(file), exitCode);
}

async function countReport(file: string): Promise<Tally | null> {
  const text = await readFile(file, "utf8").catch(() => null);
  if (text === null) return null;
  let passed = 0;
  let failed = 0;
  let skipped = 0;
  for (const { status, assertionResults } of VitestReport.parse(JSON.parse(text)).testResults) {
    if (assertionResults.length === 0 && status === "failed") failed++;
    for (const test of assertionResults) {
      if (test.status === "passed") passed++;
      else if (test.status === "failed") failed++;
      else skipped++;
    }
  }
  return { passed, failed, skipped };
}
