import { resolve } from "node:path";
import { parseArgs, type ParseArgsConfig } from "node:util";

import { PROVIDERS, type Provider } from "../catalog/providers.ts";
import { UsageError } from "./command.ts";
import { startFolder } from "./env.ts";

/** The options of one call, each checked when it is asked for. */
export class Arguments {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly positionals: readonly string[];

  constructor(values: Readonly<Record<string, unknown>>, positionals: readonly string[]) {
    this.#values = values;
    this.positionals = positionals;
  }

  flag(name: string): boolean {
    return this.#values[name] === true;
  }

  text(name: string): string | null {
    const value = this.#values[name];
    return typeof value === "string" ? value : null;
  }

  required(name: string, what: string): string {
    const value = this.text(name);
    if (value === null || value === "") throw new UsageError(`Expected --${name} ${what}.`);
    return value;
  }

  /** Every value of an option that may be given several times, in order. */
  list(name: string): readonly string[] {
    const values = this.#values[name];
    return Array.isArray(values) ? values.filter((value) => typeof value === "string") : [];
  }

  /** `name=value` pairs of an option that may be given several times; of two, the last. */
  assignments(name: string): Record<string, string> {
    const pairs = this.list(name).map((text): [string, string] => {
      const at = text.indexOf("=");
      if (at < 1) throw new UsageError(`Expected --${name} NAME=VALUE, got "${text}".`);
      return [text.slice(0, at), text.slice(at + 1)];
    });
    return Object.fromEntries(pairs);
  }

  /** Paths of an option that must be given at least once, relative as in `path`. */
  paths(name: string, what: string): string[] {
    const values = this.list(name);
    if (values.length === 0 || values.includes("")) {
      throw new UsageError(`Expected --${name} ${what}.`);
    }
    return values.map((value) => resolve(startFolder(), value));
  }

  /** A path, relative to where the person called from. */
  path(name: string, what: string): string {
    return resolve(startFolder(), this.required(name, what));
  }

  integer(name: string, { least, fallback }: { least: number; fallback: number }): number {
    const text = this.text(name);
    if (text === null) return fallback;
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
      throw new UsageError(
        `Expected a whole number of at least ${least} for --${name}, got "${text}".`,
      );
    }
    return value;
  }

  choice<T extends string>(name: string, choices: readonly T[], fallback: T): T {
    const text = this.text(name);
    if (text === null) return fallback;
    const found = choices.find((choice) => choice === text);
    if (found === undefined) {
      throw new UsageError(`Expected --${name} to be one of ${choices.join(", ")}, got "${text}".`);
    }
    return found;
  }

  /** Whole numbers of at least 0, separated by commas. */
  integers(name: string, fallback: readonly number[]): number[] {
    const text = this.text(name);
    if (text === null) return [...fallback];
    const values = text.split(",").map((part) => (/^\d+$/.test(part) ? Number(part) : Number.NaN));
    if (!values.every(Number.isSafeInteger)) {
      throw new UsageError(`Expected whole numbers such as 0,1,2 for --${name}, got "${text}".`);
    }
    return values;
  }

  provider(): Provider {
    return this.choice("provider", PROVIDERS, "cpu");
  }
}

type Expected = {
  /** Options that take a text. */
  readonly texts: readonly string[];
  /** Options that take a text and may be given several times. */
  readonly lists?: readonly string[];
  /** Options that take nothing; `json` is always one. */
  readonly flags?: readonly string[];
  readonly allowPositionals?: boolean;
};

/** Parse what follows a command's name. @throws UsageError in one sentence */
export function readArguments(
  args: readonly string[],
  { texts, lists = [], flags = [], allowPositionals = false }: Expected,
): Arguments {
  const options: NonNullable<ParseArgsConfig["options"]> = { json: { type: "boolean" } };
  for (const name of flags) options[name] = { type: "boolean" };
  for (const name of texts) options[name] = { type: "string" };
  for (const name of lists) options[name] = { type: "string", multiple: true };
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals });
    return new Arguments(values, positionals);
  } catch (error) {
    const reason = error instanceof Error ? error.message.split(". ")[0] : String(error);
    throw new UsageError(`${reason ?? "The arguments cannot be read"}.`.replace(/\.\.$/, "."));
  }
}
