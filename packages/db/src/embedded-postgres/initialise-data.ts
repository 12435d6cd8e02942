import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chown, mkdir, readFile, readdir, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

import type { ServerAccount } from "./server-account.ts";
import { ServerFailure } from "./server-failure.ts";

const run = promisify(execFile);

/** Name of the superuser inside the cluster. */
export const SUPERUSER = "postgres";

/** Inside the data directory, which only the server's account and root can read. */
const PASSWORD_FILE = "loupe-password";

export type InitialiseOptions = {
  readonly dataDir: string;
  readonly binaries: string;
  readonly account: ServerAccount | null;
  readonly isDurable: boolean;
};

/**
 * Make the data directory unless it is there, and return the superuser's password.
 *
 * The cluster is made beside its place and moved there whole, so that a start
 * that was cut off leaves no half of one.
 */
export async function initialiseData(options: InitialiseOptions): Promise<string> {
  const { dataDir, binaries } = options;
  const version = await readFile(join(dataDir, "PG_VERSION"), "utf8").catch(readFailure(dataDir));
  if (version === null) return makeCluster(options);

  const { stdout } = await run(join(binaries, "bin", "postgres"), ["--version"]);
  const ours = /(\d+)/.exec(stdout)?.[1];
  if (version.trim() !== ours) {
    throw new ServerFailure(
      `The database in ${dataDir} was made by PostgreSQL ${version.trim()}, this is ${ours}. ` +
        "Dump it with the older version and restore it, or choose another LOUPE_HOME.",
    );
  }
  return (await readFile(join(dataDir, PASSWORD_FILE), "utf8")).trim();
}

function readFailure(dataDir: string): (error: NodeJS.ErrnoException) => null {
  return (error) => {
    if (error.code === "ENOENT") return null;
    throw new ServerFailure(
      `The database in ${dataDir} cannot be read (${error.code ?? error.message}). It was made by ` +
        "another account, such as root's start of Loupe: start as that account again, or choose " +
        "another LOUPE_HOME.",
    );
  };
}

async function makeCluster(options: InitialiseOptions): Promise<string> {
  const { dataDir, binaries, account } = options;
  const found = await readdir(dataDir).catch(() => null);
  if (found !== null && found.length > 0) {
    throw new ServerFailure(
      `Expected ${dataDir} to be a database or to be empty, found ${found.length} other files. ` +
        "Move them away, or choose another LOUPE_HOME.",
    );
  }
  const partial = `${dataDir}.new`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true, mode: 0o700 });
  const password = randomBytes(24).toString("base64url");
  const passwordFile = join(dirname(partial), `${PASSWORD_FILE}.new`);
  await rm(passwordFile, { force: true });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600, flag: "wx" });
  try {
    if (account !== null) {
      await chown(partial, account.uid, account.gid);
      await chown(passwordFile, account.uid, account.gid);
    }
    await run(
      join(binaries, "bin", "initdb"),
      [
        `--pgdata=${partial}`,
        `--username=${SUPERUSER}`,
        `--pwfile=${passwordFile}`,
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        // The same order of texts on every machine, whatever locales it has.
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        ...(options.isDurable ? [] : ["--no-sync"]),
      ],
      { ...account, cwd: "/" },
    );
    await rename(passwordFile, join(partial, PASSWORD_FILE));
    if (found !== null) await rmdir(dataDir);
    await rename(partial, dataDir);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    await rm(passwordFile, { force: true });
    const words = lastLine(error);
    if (words === null) throw error;
    throw new ServerFailure(`The database in ${dataDir} could not be made: ${words}`, {
      cause: error,
    });
  }
  return password;
}

/** What initdb said last, where the failure is its own. */
function lastLine(error: unknown): string | null {
  if (!(error instanceof Error) || !("stderr" in error)) return null;
  const lines = String(error.stderr).trim().split("\n");
  return lines.findLast((line) => /error|fatal/i.test(line)) ?? lines.at(-1) ?? null;
}
