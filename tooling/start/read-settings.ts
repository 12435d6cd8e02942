import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

import { environment, type Environment } from "../env.ts";
import { ExpectedFailure } from "../process/expected-failure.ts";
import { REPOSITORY_ROOT } from "../repository-root.ts";

export type Settings = {
  /** Absolute path of everything that this Loupe keeps. */
  readonly home: string;
  readonly isDevelopment: boolean;
  readonly environment: Environment;
};

/** Read the command line and the environment. Throws one sentence on anything unknown. */
export function readSettings(args: readonly string[]): Settings {
  const variables = environment();
  return {
    home:
      variables.LOUPE_HOME === undefined
        ? join(REPOSITORY_ROOT, ".loupe")
        : resolve(variables.LOUPE_HOME),
    isDevelopment: parseDevelopment(args),
    environment: variables,
  };
}

function parseDevelopment(args: readonly string[]): boolean {
  try {
    const { values } = parseArgs({ args: [...args], options: { dev: { type: "boolean" } } });
    return values.dev ?? false;
  } catch {
    throw new ExpectedFailure(`Expected no argument or --dev, got "${args.join(" ")}".`);
  }
}
