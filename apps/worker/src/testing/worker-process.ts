import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));
/** A vision transformer of 16 channels with random weights, named "vit". */
export const TINY_ENCODERS = fileURLToPath(
  new URL("../../../../packages/model/test/fixtures", import.meta.url),
);

export type WorkerProcessOptions = {
  readonly url: string;
  readonly home: string;
  /** Folder with encoders; one has the tiny transformer. */
  readonly encoders?: string;
  readonly jobsAtOnce?: number;
};

/** A worker as it runs in production, in a process of its own that can be killed. */
export class WorkerProcess {
  static readonly #running = new Set<WorkerProcess>();
  readonly #child: ChildProcess;
  readonly #logFile: string;
  /** Exit code, or the signal that ended it. */
  readonly exited: Promise<number | string>;

  constructor({ url, home, encoders = TINY_ENCODERS, jobsAtOnce = 4 }: WorkerProcessOptions) {
    mkdirSync(join(home, "logs"), { recursive: true });
    this.#logFile = join(home, "logs", "worker.log");
    const log = openSync(this.#logFile, "a");
    this.#child = spawn(process.execPath, ["--import", "tsx", MAIN], {
      cwd: fileURLToPath(new URL("../..", import.meta.url)),
      stdio: ["ignore", log, log],
      env: {
        PATH: process.env.PATH,
        NODE_ENV: "production",
        DATABASE_URL: url,
        LOUPE_HOME: home,
        LOUPE_WORKER_NAME: "tested",
        LOUPE_JOBS_AT_ONCE: String(jobsAtOnce),
        // Trying a GPU that is not there would take time from the job under test.
        LOUPE_PROVIDERS: "cpu",
        LOUPE_ENCODERS: encoders,
        LOUPE_SHARED_DATA: home,
      },
    });
    WorkerProcess.#running.add(this);
    this.exited = once(this.#child, "exit").then(([code, signal]: unknown[]) => {
      WorkerProcess.#running.delete(this);
      return (code as number | null) ?? (signal as string);
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async kill(signal: "SIGKILL" | "SIGTERM"): Promise<number | string> {
    this.#child.kill(signal);
    return this.exited;
  }

  async log(): Promise<string> {
    return readFile(this.#logFile, "utf8");
  }

  /** Nothing a test has started outlives it. */
  static async killAll(): Promise<void> {
    await Promise.all([...this.#running].map((worker) => worker.kill("SIGKILL")));
  }
}
