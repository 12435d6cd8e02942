import { randomUUID } from "node:crypto";
import { chmod, chown, mkdir, readFile, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

import { isReachable } from "./is-reachable.ts";
import type { ServerAccount } from "./server-account.ts";
import { systemFolder } from "./system-folder.ts";
import { ServerFailure } from "./server-failure.ts";

export type PlacedData = {
  readonly dataDir: string;
  /** When the data lies elsewhere than wanted: the file that remembers where. */
  readonly noteFile: string | null;
};

/**
 * The data directory as the server's account can reach it.
 *
 * The folder around it may be closed to everyone: the account, through its group, gets the right to
 * pass through and no more. What lies above that folder is not ours to open. Root's own folders are often closed to others (`/root`, `mktemp -d`). The
 * data then goes to a new folder in a system folder, and a file beside the
 * wanted place remembers which: whoever removes the wanted place starts afresh.
 */
export async function placeData(
  wanted: string,
  account: ServerAccount | null,
): Promise<PlacedData> {
  const dataDir = resolve(wanted);
  await mkdir(dirname(dataDir), { recursive: true, mode: 0o700 });
  if (account === null) return { dataDir, noteFile: null };

  const noteFile = `${dataDir}.location`;
  const known = (await readFile(noteFile, "utf8").catch(() => "")).trim();
  if (known !== "") {
    if (!(await isCluster(known))) {
      throw new ServerFailure(
        `Expected the database in ${known}, as ${noteFile} says, but it is not there. Bring it ` +
          `back, or remove ${noteFile} to start with an empty database.`,
      );
    }
    return { dataDir: known, noteFile };
  }
  await letPass(dirname(dataDir), account);
  if (await isReachable(dataDir, account)) return { dataDir, noteFile: null };
  if (await isCluster(dataDir)) {
    throw new ServerFailure(
      `The database in ${dataDir} belongs to an account that cannot enter the folders above it. ` +
        `Let others pass through them (chmod o+x), or move the database.`,
    );
  }
  const parent = join(await systemFolder(), "data", randomUUID());
  await mkdir(parent, { recursive: true });
  for (const folder of [dirname(parent), parent]) await chmod(folder, 0o755);
  return { dataDir: join(parent, "postgres"), noteFile };
}

/** Let the account enter a folder of root's, without letting it see what is in there. */
async function letPass(folder: string, account: ServerAccount): Promise<void> {
  const { uid, mode } = await stat(folder);
  const isClosed = !(await isReachable(join(folder, "postgres"), account));
  if (uid !== 0 || !isClosed || !(await isReachable(folder, account))) return;
  await chown(folder, uid, account.gid);
  await chmod(folder, (mode & 0o707) | 0o010);
}

async function isCluster(folder: string): Promise<boolean> {
  return (await stat(join(folder, "PG_VERSION")).catch(() => null)) !== null;
}
