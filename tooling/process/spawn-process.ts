import { spawn } from "node:child_process";

import { inheritedEnvironment } from "../env.ts";
import { openLog } from "./open-log.ts";
import { showLines, type ShownLines } from "./show-lines.ts";

type SpawnOptions = {
  /** What people call the process. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Standard output and error are added to this file. */
  readonly logFile: string;
  /** Show every line on our own standard output too, after the name, and formatted for people. */
  readonly isShown?: boolean;
};

type Ending = {
  /** True for exit code 0. */
  readonly isClean: boolean;
  /** "exit code 1" or "signal SIGKILL". */
  readonly describe: string;
};

export type SpawnedProcess = {
  readonly pid: number | undefined;
  /** Settles when the process has ended and its output is written. Never rejects. */
  readonly ended: Promise<Ending>;
  /** Ask it to stop, and kill it when it has not after the time limit. */
  stop(timeLimitMs: number): Promise<void>;
  lastLines(count: number): string;
};

/** Characters of output that are kept to be shown when the process fails. */
const KEPT_OUTPUT = 20_000;

/**
 * Start a process that is stopped by us alone.
 *
 * It leads its own process group, so that Ctrl-C in a terminal reaches only
 * us and the order of stopping stays ours. The IPC channel lets it notice
 * when we are gone without a word (see exit-with-parent.ts).
 */
export function spawnProcess(options: SpawnOptions): SpawnedProcess {
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: inheritedEnvironment(options.env),
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    detached: true,
  });
  const log = openLog(options.logFile, (sentence) =>
    process.stdout.write(`${options.name} | ${sentence}\n`),
  );
  let kept = "";
  for (const stream of [child.stdout, child.stderr]) {
    const shown = options.isShown === true ? showOnTerminal(options.name) : null;
    stream?.once("end", () => shown?.end());
    stream?.setEncoding("utf8").on("data", (text: string) => {
      kept = (kept + text).slice(-KEPT_OUTPUT);
      log.write(text);
      shown?.add(text);
    });
  }

  let failure: Error | null = null;
  child.once("error", (error) => (failure = error));
  const ended = new Promise<Ending>((resolve) => {
    child.once("close", (code, signal) => {
      log.end();
      const describe =
        failure?.message ?? (signal === null ? `exit code ${code}` : `signal ${signal}`);
      resolve({ isClean: code === 0, describe });
    });
  });

  return {
    pid: child.pid,
    ended,
    stop: async (timeLimitMs) => {
      child.kill("SIGTERM");
      const kill = setTimeout(() => killGroup(child.pid), timeLimitMs);
      await ended;
      clearTimeout(kill);
    },
    lastLines: (count) => kept.trimEnd().split("\n").slice(-count).join("\n"),
  };
}

/** Kill a process and what it started; nothing happens when it is gone already. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It ended between the time limit and now.
  }
}

function showOnTerminal(name: string): ShownLines {
  return showLines({
    name,
    hasColours: process.stdout.isTTY,
    write: (text) => void process.stdout.write(text),
  });
}
