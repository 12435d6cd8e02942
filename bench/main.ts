/**
 * @file `npm run -s bench -- train|infer|metrics [--json] [--save] [--methods rd,cnc] …` measures,
 * `npm run -s bench -- report` writes `docs/benchmarks.md` from what `--save` kept.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { PROVIDERS } from "@loupe/model/engine";

import { describeMachine } from "./machine.ts";
import { resultAsText } from "./report/result-as-text.ts";
import { saveResult } from "./report/saved-results.ts";
import { writeReport } from "./report/write-report.ts";
import { runSuite } from "./run-suite.ts";
import type { SuiteResult } from "./suite-result.ts";
import { SUITE_NAMES, SUITES } from "./suites.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    save: { type: "boolean", default: false },
    methods: { type: "string", default: "" },
    provider: { type: "string", default: "cpu" },
    threads: { type: "string", default: String(availableParallelism()) },
    rounds: { type: "string", default: "3" },
    runs: { type: "string", default: "12" },
    seconds: { type: "string", default: "3" },
    "compile-seconds": { type: "string", default: "60" },
  },
});

async function measure(): Promise<SuiteResult> {
  const bench = SUITE_NAMES.find((name) => name === positionals.join(" "));
  const provider = PROVIDERS.find((name) => name === values.provider);
  if (bench === undefined || provider === undefined) {
    process.stderr.write(
      `Expected ${SUITE_NAMES.join(", ")} or report with --provider ${PROVIDERS.join("|")}, ` +
        `got "${positionals.join(" ")}" with ${values.provider}.\n`,
    );
    process.exit(2);
  }
  const folder = await mkdtemp(join(tmpdir(), "loupe-bench-"));
  try {
    const threads = Number(values.threads);
    const methods = values.methods.split(",").filter((name) => name !== "");
    const cases = SUITES[bench]({ provider, threads, methods, folder });
    const results = await runSuite(cases, {
      rounds: Number(values.rounds),
      runs: Number(values.runs),
      seconds: Number(values.seconds),
      compileSeconds: Number(values["compile-seconds"]),
    });
    return {
      bench,
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

if (positionals.join(" ") === "report") {
  await writeReport();
} else {
  const result = await measure();
  if (values.save) await saveResult(result);
  process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : resultAsText(result));
}
