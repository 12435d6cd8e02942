import { randomUUID } from "node:crypto";
import { chmod, mkdir, readFile, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

import { isReachable } from "./is-reachable.ts";
import type { ServerAccount } from "./server-account.ts";
import { systemFolder } from "./system-folder.ts";

export type PlacedData = {
  readonly dataDir: string;
  /** When the data lies elsewhere than wanted: the file that remembers where. */
  readonly noteFile: string | null;
};

/**
 * The data directory as the server's account can reach it.
 *
 * Root's own folders are often closed to others (`/root`, `mktemp -d`). The
 * data then goes to a new folder in a system folder, and a file beside the
 * wanted place remembers which: whoever removes the wanted place starts afresh.
 */
export async function placeData(
  wanted: string,
  account: ServerAccount | null,
): Promise<PlacedData> {
  const dataDir = resolve(wanted);
  await mkdir(dirname(dataDir), { recursive: true });
  if (account === null) return { dataDir, noteFile: null };

  const noteFile = `${dataDir}.location`;
  const known = (await readFile(noteFile, "utf8").catch(() => "")).trim();
  if (known !== "") {
    if (!(await isCluster(known))) {
      throw new Error(
        `Expected the database in ${known}, as ${noteFile} says, but it is not there. Bring it ` +
          `back, or remove ${noteFile} to start with an empty database.`,
      );
    }
    return { dataDir: known, noteFile };
  }
  if (await isReachable(dataDir, account)) return { dataDir, noteFile: null };
  if (await isCluster(dataDir)) {
    throw new Error(
      `The database in ${dataDir} belongs to an account that cannot enter the folders above it. ` +
        `Let others pass through them (chmod o+x), or move the database.`,
    );
  }
  const parent = join(await systemFolder(), "data", randomUUID());
  await mkdir(parent, { recursive: true });
  for (const folder of [dirname(parent), parent]) await chmod(folder, 0o755);
  return { dataDir: join(parent, "postgres"), noteFile };
}

async function isCluster(folder: string): Promise<boolean> {
  return (await stat(join(folder, "PG_VERSION")).catch(() => null)) !== null;
}
