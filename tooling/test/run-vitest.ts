import { join } from "node:path";

import { runCommand } from "../process/run-command.ts";
import { REPOSITORY_ROOT } from "../repository-root.ts";
import { formatCoverage, readCoverage } from "./read-coverage.ts";
import { readVitestReport } from "./read-vitest-report.ts";
import type { Tally } from "./tally.ts";

type VitestOptions = {
  /** A folder for the reports, which are read here. */
  readonly reports: string;
  /** Say one line for each package: which of its sources the tests ran. */
  readonly hasCoverage: boolean;
  /** Without one, component tests are left out. */
  readonly hasBrowser: boolean;
  /** Added to the tests' environment. */
  readonly env: Readonly<Record<string, string>>;
};

/** Run the tests outside of the product's pages. */
export async function runVitest({
  reports,
  hasCoverage,
  hasBrowser,
  env,
}: VitestOptions): Promise<Tally> {
  const reportFile = join(reports, "vitest.json");
  const coverage = [
    "--coverage",
    "--coverage.reporter=json-summary",
    `--coverage.reportsDirectory=${join(reports, "coverage")}`,
    // A failing test is told by its own line; the figures are of interest all the same.
    "--coverage.reportOnFailure",
  ];
  const { exitCode } = await runCommand(
    "npx",
    [
      "vitest",
      "run",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${reportFile}`,
      ...(hasCoverage ? coverage : []),
      ...(hasBrowser ? [] : ["--project=!web-browser"]),
    ],
    { env: { ...env } },
  );
  if (hasCoverage) await sayCoverage(join(reports, "coverage/coverage-summary.json"));
  return readVitestReport(reportFile, exitCode);
}

/** Missing figures fail nothing: what is wrong has been said by the tests. */
async function sayCoverage(file: string): Promise<void> {
  const packages = await readCoverage(file, REPOSITORY_ROOT).catch(() => []);
  process.stdout.write(
    packages.length === 0
      ? "\nThe tests left no figures of coverage.\n"
      : `\n== coverage of these tests, by package ==\n${formatCoverage(packages)}`,
  );
}
