import type { Progress } from "./progress.ts";

/** The command was called wrongly: one sentence for the person, exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What a command prints: a result for people, and the same as one JSON object. */
export type CommandResult = {
  readonly json: Readonly<Record<string, unknown>>;
  /** Each may hold names of any kind: they are made printable when they are written. */
  readonly lines: readonly string[];
  /** Not 0 when part of the work failed although there is a result. */
  readonly exitCode?: number;
};

/** What a command is given beside its arguments. */
export type CommandContext = { readonly progress: Progress; readonly signal: AbortSignal };

export type Command = (argv: readonly string[], context: CommandContext) => Promise<CommandResult>;
