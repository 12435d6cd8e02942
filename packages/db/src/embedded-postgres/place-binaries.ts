import { randomUUID } from "node:crypto";
import { chmod, cp, lstat, rename, rm } from "node:fs/promises";
import { join } from "node:path";

import type { Binaries } from "./find-binaries.ts";
import { isReachable } from "./is-reachable.ts";
import type { ServerAccount } from "./server-account.ts";
import { systemFolder } from "./system-folder.ts";
import { ServerFailure } from "./server-failure.ts";

/**
 * The folder of binaries as the server's account can reach it: in place, or
 * copied once to a system folder.
 */
export async function placeBinaries(
  binaries: Binaries,
  account: ServerAccount | null,
): Promise<{ folder: string; isCopy: boolean }> {
  if (account === null || (await isReachable(join(binaries.folder, "bin", "postgres"), account))) {
    return { folder: binaries.folder, isCopy: false };
  }
  const folder = join(await systemFolder(), `postgresql-${binaries.version}-${process.arch}`);
  const present = await lstat(folder).catch(() => null);
  if (present === null) await copyAtOnce(binaries.folder, folder);
  else if (present.uid !== 0) {
    throw new ServerFailure(
      `Expected ${folder} to belong to root, it belongs to user ${present.uid}. Remove it.`,
    );
  }
  return { folder, isCopy: true };
}

async function copyAtOnce(from: string, to: string): Promise<void> {
  const partial = `${to}.${randomUUID()}`;
  await cp(from, partial, { recursive: true, verbatimSymlinks: true });
  await chmod(partial, 0o755);
  try {
    await rename(partial, to);
  } catch (error) {
    // Another start may have been quicker; its copy is as good.
    await rm(partial, { recursive: true, force: true });
    if ((await lstat(to).catch(() => null)) === null) throw error;
  }
}
