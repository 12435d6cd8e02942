import { join } from "node:path";

import { ExpectedFailure } from "../process/expected-failure.ts";
import { explainStorage } from "./explain-storage.ts";
import { keepServer, type KeptServer } from "./keep-server.ts";
import type { Settings } from "./read-settings.ts";

type RunningDatabase = {
  readonly url: string;
  /** Lines for people: what it is, and what they should know. Never a password. */
  readonly notices: readonly string[];
  stop(): Promise<void>;
};

type Tell = {
  /** A sentence for people, while it runs. */
  readonly say: (sentence: string) => void;
  /** The number of the server's process, each time it has started. */
  readonly onStarted: (pid: number) => void;
};

/** The database that was configured, or an embedded PostgreSQL under the home folder. */
export async function startDatabase(settings: Settings, tell: Tell): Promise<RunningDatabase> {
  const { DATABASE_URL } = settings.environment;
  if (DATABASE_URL !== undefined) {
    const { host, pathname } = new URL(DATABASE_URL);
    return {
      url: DATABASE_URL,
      notices: [`Database: PostgreSQL at ${host}${pathname}.`],
      // Somebody else's server comes back by itself; the pools reconnect.
      stop: () => Promise.resolve(),
    };
  }
  const server = await startServer(settings.home);
  const kept = keepServer({
    server,
    startAgain: () =>
      startServer(settings.home, server.port).catch((error: unknown) => {
        throw explainStorage(error, settings.home);
      }),
    ...tell,
  });
  return {
    url: server.url,
    notices: [`Database: embedded PostgreSQL in ${server.dataDir}.`, ...server.notices],
    stop: () => kept.stop(),
  };
}

type StartedServer = KeptServer & {
  readonly url: string;
  readonly dataDir: string;
  readonly notices: readonly string[];
};

/** @param port what those who know the address rely on, once there are any */
async function startServer(home: string, port?: number): Promise<StartedServer> {
  const { ServerFailure, startEmbeddedPostgres } = await import("@loupe/db/embedded-postgres");
  try {
    const server = await startEmbeddedPostgres({
      dataDir: join(home, "postgres"),
      ...(port === undefined ? {} : { port }),
    });
    if (port === undefined || server.port === port) return server;
    await server.stop();
    throw new ExpectedFailure(`Port ${port}, which it had, is taken.`);
  } catch (error) {
    // The disk's failures get a sentence of their own, which needs what the database said.
    throw error instanceof ServerFailure
      ? new ExpectedFailure(error.message, { cause: error })
      : error;
  }
}
