import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";

import { METHOD_NAMES, PROVIDERS, type Provider } from "@loupe/model/engine";

import type { Pace } from "./run-suite.ts";
import { SUITE_NAMES, type SuiteName } from "./suites.ts";

export type MeasureCommand = {
  readonly kind: "measure";
  readonly suite: SuiteName;
  readonly provider: Provider;
  readonly threads: number;
  /** All when empty. */
  readonly methods: readonly string[];
  readonly pace: Pace;
  readonly isJson: boolean;
  readonly isSaved: boolean;
};

export type BenchCommand =
  { readonly kind: "help"; readonly usage: string } | { readonly kind: "report" } | MeasureCommand;

/** What was asked for cannot be done; the message is all that a person needs. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

type Choice = {
  readonly type: "string" | "boolean";
  readonly short?: string;
  readonly default?: string | boolean;
  readonly about: string;
};

const OPTIONS = {
  json: { type: "boolean", default: false, about: "print one JSON object instead of a table" },
  save: { type: "boolean", default: false, about: "keep the result for the report" },
  methods: { type: "string", default: "", about: "only these, such as rd,cnc" },
  provider: { type: "string", default: "cpu", about: PROVIDERS.join(", ") },
  threads: { type: "string", default: String(availableParallelism()), about: "of each session" },
  rounds: { type: "string", default: "3", about: "in which all contestants take turns" },
  runs: { type: "string", default: "12", about: "at most, in a round" },
  seconds: { type: "string", default: "3", about: "at most, for a round" },
  "compile-seconds": { type: "string", default: "60", about: "that PyTorch's compiler may take" },
  help: { type: "boolean", short: "h", default: false, about: "show this" },
} as const satisfies Record<string, Choice>;

const SUITES_AND_REPORT = [...SUITE_NAMES, "report"].join("|");

/** Read the command line. Throws a UsageError with one sentence on anything that cannot be done. */
export function readCommand(args: readonly string[]): BenchCommand {
  const { values, positionals } = parse(args);
  if (values.help) return { kind: "help", usage: usage() };
  const asked = positionals.join(" ");
  if (asked === "report") return { kind: "report" };
  const suite = SUITE_NAMES.find((name) => name === asked);
  if (suite === undefined) throw expected(SUITES_AND_REPORT, asked);
  const provider = PROVIDERS.find((name) => name === values.provider);
  if (provider === undefined) {
    throw expected(`--provider ${PROVIDERS.join("|")}`, values.provider);
  }
  const methods = values.methods.split(",").filter((name) => name !== "");
  const unknown = methods.find((name) => !METHOD_NAMES.some((known) => known === name));
  if (unknown !== undefined) throw expected(`--methods out of ${METHOD_NAMES.join(", ")}`, unknown);
  return {
    kind: "measure",
    suite,
    provider,
    methods,
    threads: count("threads", values.threads),
    pace: {
      rounds: count("rounds", values.rounds),
      runs: count("runs", values.runs),
      seconds: duration("seconds", values.seconds),
      compileSeconds: duration("compile-seconds", values["compile-seconds"]),
    },
    isJson: values.json,
    isSaved: values.save,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  } catch (error) {
    // Node's own sentence goes on with advice that fits no option of ours.
    const [sentence = ""] = (error instanceof Error ? error.message : String(error)).split(". ");
    throw new UsageError(`${sentence}. See npm run -s bench -- --help`);
  }
}

function count(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1) return value;
  throw expected(`a whole number of at least 1 for --${name}`, text);
}

function duration(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value > 0) return value;
  throw expected(`a number above 0 for --${name}`, text);
}

function expected(what: string, got: string): UsageError {
  return new UsageError(`Expected ${what}, got "${got}". See npm run -s bench -- --help`);
}

function usage(): string {
  const lines = Object.entries(OPTIONS).map(([name, option]: [string, Choice]) => {
    const value = option.type === "string" ? " VALUE" : "";
    const preset = option.type === "string" && option.default !== "" ? ` (${option.default})` : "";
    return `  ${`--${name}${value}`.padEnd(26)}${option.about}${preset}`;
  });
  return [
    `Usage: npm run -s bench -- ${SUITES_AND_REPORT} [options]`,
    "",
    "  train                     a training step of each method",
    "  infer                     the encoder, and scoring with each method",
    "  metrics                   AUROC of many maps",
    "  report                    write docs/benchmarks.md from what --save kept",
    "",
    ...lines,
    "",
  ].join("\n");
}
