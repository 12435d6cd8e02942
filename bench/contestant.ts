import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

import type { Farewell, Ready, Round, Times } from "./protocol.ts";

export type Command = { readonly program: string; readonly args: readonly string[] };

/** A process that runs one side of a benchmark. It waits without work while others have their turn. */
export interface Contestant {
  readonly ready: Ready;
  run(round: Round): Promise<readonly number[]>;
  /** End the process and hear its last figures. */
  finish(): Promise<Farewell>;
}

/** The lines that a process prints, one at a time. */
class Lines {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  #errors = "";

  constructor(child: ChildProcess) {
    const { stdout, stderr } = child;
    if (stdout === null || stderr === null) throw new Error("Expected a process with pipes.");
    this.#child = child;
    this.#lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
    stderr.on("data", (part: Buffer) => {
      this.#errors = (this.#errors + part.toString()).slice(-4000);
    });
  }

  /** @throws with the end of what the process complained about, when it ended instead */
  async next(withinMs: number): Promise<unknown> {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.#child.kill("SIGKILL");
    }, withinMs);
    try {
      const line = await this.#lines.next();
      if (line.done !== true) return JSON.parse(line.value) as unknown;
      const last = this.#errors.trim().split("\n").at(-1) ?? "";
      throw new Error(
        isLate ? `no answer within ${Math.round(withinMs / 1000)} s` : `ended early: ${last}`,
      );
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Longest time that a round may take before the contestant counts as stuck. */
const ROUND_LIMIT_MS = 180_000;

/**
 * Start a contestant and wait until it is warm.
 *
 * @throws when it is not ready within `readyWithinMs` or ends early
 */
export async function startContestant(
  { program, args }: Command,
  readyWithinMs: number,
): Promise<Contestant> {
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"] });
  child.on("error", () => undefined);
  child.stdin.on("error", () => undefined);
  const lines = new Lines(child);
  const ready = (await lines.next(readyWithinMs)) as Ready;
  return {
    ready,
    run: async (round) => {
      child.stdin.write(`${JSON.stringify(round)}\n`);
      return ((await lines.next(ROUND_LIMIT_MS)) as Times).timesMs;
    },
    finish: async () => {
      child.stdin.end();
      return (await lines.next(ROUND_LIMIT_MS)) as Farewell;
    },
  };
}
