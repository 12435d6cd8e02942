import { spawn } from "node:child_process";
import { chmod, chown, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { Client } from "pg";

import { SUPERUSER } from "./initialise-data.ts";
import { freePort } from "./free-port.ts";
import { type Postmaster, stopPostmaster } from "./postmaster.ts";
import type { ServerAccount } from "./server-account.ts";
import { ServerFailure } from "./server-failure.ts";

export type LaunchOptions = {
  readonly dataDir: string;
  readonly binaries: string;
  readonly account: ServerAccount | null;
  readonly password: string;
  readonly port: number | undefined;
  readonly isDurable: boolean;
};

/** Recovery after a crash of a large database takes minutes; it is never cut short for being slow. */
const READY_TIMEOUT_MS = 300_000;
const ATTEMPTS = 5;

/** Inside the data directory; a file and no pipe, since the server may outlive us. */
const LOG_FILE = "loupe-postgres.log";

/** What the log says when another start may succeed: a lost race for a port, or a dying server's memory. */
const WORTH_ANOTHER_TRY = /Address already in use|could not bind|pre-existing shared memory/;

/** Start the server and wait until it answers. */
export async function launchServer(options: LaunchOptions): Promise<Postmaster> {
  // Nobody holds it: `findPostmaster` has said so. PostgreSQL itself is fooled by a reused process number.
  await rm(join(options.dataDir, "postmaster.pid"), { force: true });
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(attempt === 1 ? options.port : undefined);
    const outcome = await launchOnce(options, port);
    if (outcome.isReady) return { pid: outcome.pid, port };
    if (attempt === ATTEMPTS || !WORTH_ANOTHER_TRY.test(outcome.log)) {
      throw new ServerFailure(
        `PostgreSQL did not start in ${options.dataDir}. Its log ends:\n${outcome.log}`,
      );
    }
    await sleep(500 * attempt);
  }
}

/** Nothing of ours reaches the server: settings come as arguments. */
const ENVIRONMENT = {
  LC_ALL: "C",
  PATH: "/usr/bin:/bin",
  TZ: "UTC",
} as unknown as NodeJS.ProcessEnv;

type Outcome = { isReady: true; pid: number } | { isReady: false; log: string };

async function launchOnce(options: LaunchOptions, port: number): Promise<Outcome> {
  const { dataDir, account } = options;
  const logPath = join(dataDir, LOG_FILE);
  const log = await open(logPath, "w", 0o600);
  await chmod(logPath, 0o600);
  if (account !== null) await chown(logPath, account.uid, account.gid);
  try {
    const child = spawn(
      join(options.binaries, "bin", "postgres"),
      ["-D", dataDir, ...settings(port, options.isDurable)],
      {
        ...account,
        cwd: dataDir,
        env: ENVIRONMENT,
        // A group of its own: Ctrl-C reaches the launcher alone, which stops the rest in order.
        detached: true,
        stdio: ["ignore", log.fd, log.fd],
      },
    );
    let hasEnded = false;
    child.once("exit", () => (hasEnded = true));
    child.once("error", () => (hasEnded = true));
    child.unref();
    const deadline = Date.now() + READY_TIMEOUT_MS;
    while (!hasEnded && Date.now() < deadline) {
      if (child.pid !== undefined && (await answers(port, options.password))) {
        return { isReady: true, pid: child.pid };
      }
      await sleep(50);
    }
    if (!hasEnded && child.pid !== undefined) await stopPostmaster(child.pid);
    const text = await readFile(logPath, "utf8");
    return { isReady: false, log: text.trim().split("\n").slice(-15).join("\n") };
  } finally {
    await log.close();
  }
}

function settings(port: number, isDurable: boolean): string[] {
  const values: Record<string, string | number> = {
    port,
    listen_addresses: "127.0.0.1",
    // TCP alone: a socket's path has a length limit that deep folders exceed.
    unix_socket_directories: "",
    max_connections: 200,
    shared_buffers: "128MB",
    timezone: "UTC",
    log_timezone: "UTC",
    ...(isDurable ? {} : { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }),
  };
  return Object.entries(values).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

async function answers(port: number, password: string): Promise<boolean> {
  const client = new Client({
    host: "127.0.0.1",
    port,
    user: SUPERUSER,
    password,
    database: "postgres",
    connectionTimeoutMillis: 2_000,
  });
  // A server that shuts down again may cut the connection at any moment.
  client.on("error", () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
