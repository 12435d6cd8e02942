import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";

import type { ServerAccount } from "./server-account.ts";

const OTHERS_ENTER = 0o001;
const GROUP_ENTERS = 0o010;
const OWNER_ENTERS = 0o100;

/**
 * True when the account may enter every folder above a path.
 *
 * Folders that do not exist yet are taken as reachable: we make them.
 */
export async function isReachable(path: string, account: ServerAccount): Promise<boolean> {
  for (let folder = dirname(resolve(path)); ; folder = dirname(folder)) {
    const found = await stat(folder).catch(() => null);
    if (found !== null) {
      const needed =
        found.uid === account.uid
          ? OWNER_ENTERS
          : found.gid === account.gid
            ? GROUP_ENTERS
            : OTHERS_ENTER;
      if ((found.mode & needed) === 0) return false;
    }
    if (folder === dirname(folder)) return true;
  }
}
