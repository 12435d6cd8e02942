import { join } from "node:path";

import type { Settings } from "./read-settings.ts";

const LOOK_EVERY_MS = 1_000;

type RunningDatabase = {
  readonly url: string;
  /** Lines for people: what it is, and what they should know. Never a password. */
  readonly notices: readonly string[];
  /** Settles when the server is gone without having been asked to stop. */
  readonly lost: Promise<void>;
  stop(): Promise<void>;
};

/** The database that was configured, or an embedded PostgreSQL under the home folder. */
export async function startDatabase(settings: Settings): Promise<RunningDatabase> {
  const { DATABASE_URL } = settings.environment;
  if (DATABASE_URL !== undefined) {
    const { host, pathname } = new URL(DATABASE_URL);
    return {
      url: DATABASE_URL,
      notices: [`Database: PostgreSQL at ${host}${pathname}.`],
      // Somebody else's server comes back by itself; the pools reconnect.
      lost: new Promise(() => undefined),
      stop: () => Promise.resolve(),
    };
  }
  const { startEmbeddedPostgres } = await import("@loupe/db/server");
  const server = await startEmbeddedPostgres({ dataDir: join(settings.home, "postgres") });
  const watching = new AbortController();
  return {
    url: server.url,
    notices: [`Database: embedded PostgreSQL in ${server.dataDir}.`, ...server.notices],
    lost: untilGone(server.pid, watching.signal),
    stop: async () => {
      watching.abort();
      await server.stop();
    },
  };
}

/** Settles once no process has this number; never after the signal. */
function untilGone(pid: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (isAlive(pid)) return;
      clearInterval(timer);
      resolve();
    }, LOOK_EVERY_MS);
    signal.addEventListener("abort", () => clearInterval(timer), { once: true });
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another account cannot be signalled, but it is there.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
