import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { inheritedEnvironment } from "../env.ts";
import { REPOSITORY_ROOT } from "./repository-root.ts";
import { writeTinyEncoder } from "./write-tiny-encoder.ts";

export type ProcessNumbers = {
  readonly worker: number;
  readonly web: number;
  readonly database: number;
};

export type RunningLoupe = {
  readonly address: string;
  /** Numbers of the processes that run now. */
  pids(): Promise<ProcessNumbers>;
  /** What the launcher has printed so far. */
  output(): string;
  /** Stop it in order and remove its home. */
  stop(): Promise<void>;
  /** End the launcher as a crash would; its home stays. */
  kill(): Promise<void>;
  /** Whatever became of it: afterwards neither it nor its home is there. */
  remove(): Promise<void>;
};

/** A fresh clone builds the web app on its first start. */
const START_LIMIT_MS = 240_000;
const STOP_LIMIT_MS = 40_000;
const RUNS_AT = /Loupe runs at (\S+)/;

/** An empty home folder for a Loupe of its own. */
export async function makeHome(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), "loupe-e2e-"));
  // As root PostgreSQL runs as another account, which must be able to enter the folder.
  await chmod(home, 0o755);
  return home;
}

/**
 * Start the real product as a person does, on a home folder and a free port.
 *
 * @param demo what the first start makes; journeys that bring their own pictures need people only
 */
export async function startLoupe(
  home: string,
  demo: "empty" | "tiny" = "empty",
): Promise<RunningLoupe> {
  const encoders = await writeTinyEncoder(join(home, "encoders"));
  const launcher = spawn(process.execPath, ["--import", "tsx", "tooling/start/main.ts"], {
    cwd: REPOSITORY_ROOT,
    env: inheritedEnvironment({
      LOUPE_HOME: home,
      LOUPE_ENCODERS: encoders,
      LOUPE_DEMO: demo,
      PORT: "0",
      DATABASE_URL: "",
    }),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  launcher.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  launcher.stderr.setEncoding("utf8").on("data", (text: string) => (output += text));
  const ended = once(launcher, "close");

  const deadline = Date.now() + START_LIMIT_MS;
  while (!RUNS_AT.test(output)) {
    if (launcher.exitCode !== null || Date.now() > deadline) {
      launcher.kill("SIGTERM");
      await ended;
      throw new Error(`Loupe did not start. It said:\n${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const pids = async () => {
    const text = await readFile(join(home, "processes.json"), "utf8");
    return (JSON.parse(text) as { pids: ProcessNumbers }).pids;
  };
  return {
    address: RUNS_AT.exec(output)?.[1] ?? "",
    pids,
    output: () => output,
    stop: async () => {
      // As a Ctrl-C under "npm start" comes: from the terminal, and passed on by npm.
      launcher.kill("SIGINT");
      launcher.kill("SIGTERM");
      const limit = setTimeout(() => launcher.kill("SIGKILL"), STOP_LIMIT_MS);
      const [code] = (await ended) as [number | null];
      clearTimeout(limit);
      if (code !== 0) throw new Error(`Loupe stopped with exit code ${code}. It said:\n${output}`);
      await rm(home, { recursive: true, force: true });
    },
    kill: async () => {
      launcher.kill("SIGKILL");
      await ended;
    },
    remove: async () => {
      launcher.kill("SIGTERM");
      const limit = setTimeout(() => launcher.kill("SIGKILL"), STOP_LIMIT_MS);
      await ended;
      clearTimeout(limit);
      await rm(home, { recursive: true, force: true });
    },
  };
}
