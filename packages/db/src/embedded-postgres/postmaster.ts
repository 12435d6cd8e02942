import { execFile } from "node:child_process";
import { readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

import { ServerFailure } from "./server-failure.ts";

const run = promisify(execFile);

export type Postmaster = { readonly pid: number; readonly port: number };

/** A fast shutdown writes what is in memory; it takes seconds, unless the disk is very slow. */
const STOP_TIMEOUT_MS = 60_000;

/**
 * The server that holds a data directory, as its lock file says, or null.
 *
 * A lock file outlives `kill -9`, and its process number may belong to
 * something else by now: only a PostgreSQL that works in this directory counts.
 */
export async function findPostmaster(dataDir: string): Promise<Postmaster | null> {
  const text = await readFile(join(dataDir, "postmaster.pid"), "utf8").catch(() => "");
  const lines = text.split("\n");
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!Number.isInteger(pid) || pid <= 0) return null;
  return (await isPostgresOf(pid, dataDir)) ? { pid, port } : null;
}

async function isPostgresOf(pid: number, dataDir: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  const workingFolder = await readlink(`/proc/${pid}/cwd`).catch(() => null);
  if (workingFolder !== null) return workingFolder === dataDir;
  const listed = await run("ps", ["-o", "command=", "-p", String(pid)]).catch(() => null);
  return listed !== null && listed.stdout.includes("postgres") && listed.stdout.includes(dataDir);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Stop a server by a fast shutdown and wait until it has gone. */
export async function stopPostmaster(pid: number): Promise<void> {
  if (!isAlive(pid)) return;
  process.kill(pid, "SIGINT");
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  while (isAlive(pid)) {
    if (Date.now() > deadline) {
      throw new ServerFailure(
        `PostgreSQL (process ${pid}) did not stop within ${STOP_TIMEOUT_MS / 1000} s. Look into ` +
          "its log; as a last resort, kill -QUIT ends it and the next start recovers.",
      );
    }
    await sleep(20);
  }
}
