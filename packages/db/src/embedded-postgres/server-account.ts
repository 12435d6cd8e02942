import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { promisify } from "node:util";

import { ServerFailure } from "./server-failure.ts";

const run = promisify(execFile);

/** The operating-system account that PostgreSQL runs as. */
export type ServerAccount = { readonly uid: number; readonly gid: number };

/** The account's name for `useradd`, as every distribution calls it. */
const ACCOUNT_NAME = "postgres";

/**
 * The account to run PostgreSQL as, or null to stay who we are.
 *
 * PostgreSQL refuses to run as root. Root therefore runs it as the owner of an
 * existing data directory, else as the user `postgres`, who is made when the
 * system has none.
 */
export async function serverAccount(dataDir: string): Promise<ServerAccount | null> {
  if (process.getuid?.() !== 0) return null;
  const owner = await stat(dataDir).catch(() => null);
  if (owner !== null && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return (await findAccount()) ?? (await makeAccount());
}

async function findAccount(): Promise<ServerAccount | null> {
  try {
    const [uid, gid] = await Promise.all([
      run("id", ["-u", ACCOUNT_NAME]),
      run("id", ["-g", ACCOUNT_NAME]),
    ]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return null;
  }
}

async function makeAccount(): Promise<ServerAccount> {
  const attempts: [string, string[]][] = [
    ["useradd", ["--system", "--user-group", "--no-create-home", ACCOUNT_NAME]],
    // Alpine and other BusyBox systems
    ["adduser", ["-S", "-D", "-H", ACCOUNT_NAME]],
  ];
  for (const [command, args] of attempts) {
    await run(command, args).catch(() => null);
    const account = await findAccount();
    if (account !== null) return account;
  }
  throw new ServerFailure(
    "PostgreSQL does not run as root, and there is neither a user named postgres nor a way to " +
      "add one (useradd, adduser). Add that user, start Loupe as an ordinary user, or set " +
      "DATABASE_URL to a PostgreSQL server of your own.",
  );
}
