import { readFile } from "node:fs/promises";
import { resolve } from "node:path";

import { findPostmaster, stopPostmaster } from "./postmaster.ts";

/**
 * Stop the server that a killed launcher left on a data directory, if there is one.
 *
 * For a start that cannot go on; whoever calls makes sure that no other launcher uses the folder.
 */
export async function stopLeftBehind(wanted: string): Promise<boolean> {
  const dataDir = resolve(wanted);
  const elsewhere = (await readFile(`${dataDir}.location`, "utf8").catch(() => "")).trim();
  const found = await findPostmaster(elsewhere === "" ? dataDir : elsewhere);
  if (found === null) return false;
  await stopPostmaster(found.pid);
  return true;
}
