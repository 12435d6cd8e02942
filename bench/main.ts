/**
 * @file `npm run -s bench -- train|infer|metrics [--json] [--save] [--methods rd,cnc] …` measures,
 * `npm run -s bench -- report` writes `docs/benchmarks.md` from what `--save` kept, `--help` tells more.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describeMachine } from "./machine.ts";
import { type MeasureCommand, readCommand, UsageError } from "./read-command.ts";
import { resultAsText } from "./report/result-as-text.ts";
import { saveResult } from "./report/saved-results.ts";
import { writeReport } from "./report/write-report.ts";
import { runSuite } from "./run-suite.ts";
import type { SuiteResult } from "./suite-result.ts";
import { SUITES } from "./suites.ts";

try {
  await run(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}

async function run(args: readonly string[]): Promise<void> {
  const command = readCommand(args);
  if (command.kind === "help") process.stdout.write(command.usage);
  else if (command.kind === "report") await writeReport();
  else {
    const result = await measure(command);
    if (command.isSaved) await saveResult(result);
    process.stdout.write(command.isJson ? `${JSON.stringify(result)}\n` : resultAsText(result));
  }
}

async function measure(command: MeasureCommand): Promise<SuiteResult> {
  const { suite, provider, threads, methods, pace } = command;
  const folder = await mkdtemp(join(tmpdir(), "loupe-bench-"));
  try {
    const cases = SUITES[suite]({ provider, threads, methods, folder });
    const results = await runSuite(cases, pace);
    return {
      bench: suite,
      command: `npm run -s bench -- ${process.argv.slice(2).join(" ")}`,
      measuredAt: new Date().toISOString(),
      machine: describeMachine(),
      // The folder is gone by the time anyone reads this.
      cases: results.map(({ options: { folder: _, ...options }, ...rest }) => ({
        ...rest,
        options,
      })),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
