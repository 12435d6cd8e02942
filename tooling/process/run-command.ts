import { spawn } from "node:child_process";

import { inheritedEnvironment } from "../env.ts";
import { REPOSITORY_ROOT } from "../repository-root.ts";

type RunOptions = {
  /** Variables added to our own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Collect standard output instead of showing it. */
  readonly isQuiet?: boolean;
};

type CommandResult = { readonly exitCode: number; readonly stdout: string };

/**
 * Run a command in the clone's root to its end and show what it says.
 *
 * A command that cannot be started or dies of a signal has exit code 127 or
 * 128; this never throws. Standard input is closed, so nothing can ask.
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<CommandResult> {
  const child = spawn(command, args, {
    cwd: REPOSITORY_ROOT,
    env: inheritedEnvironment(options.env),
    stdio: ["ignore", options.isQuiet ? "pipe" : "inherit", "inherit"],
  });
  let stdout = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  return new Promise((resolve) => {
    child.once("error", () => resolve({ exitCode: 127, stdout }));
    child.once("close", (code) => resolve({ exitCode: code ?? 128, stdout }));
  });
}
