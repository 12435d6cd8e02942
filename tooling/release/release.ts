import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { ExpectedFailure } from "../process/expected-failure.ts";
import { moveUnreleased } from "./move-unreleased.ts";
import { setVersion } from "./set-version.ts";

const run = promisify(execFile);

type LockFile = { version: string; packages: Record<string, { version?: string }> };

/**
 * Make a release of a clone: versions, changelog, one commit and one tag. Nothing is pushed.
 *
 * @param date as `2026-01-31`
 * @returns the name of the tag
 */
export async function release(
  root: string,
  { version, date }: { readonly version: string; readonly date: string },
): Promise<string> {
  const git = async (...args: string[]): Promise<string> =>
    (await run("git", args, { cwd: root })).stdout;

  const lock = JSON.parse(await readFile(join(root, "package-lock.json"), "utf8")) as LockFile;
  requireGreater(version, lock.version);
  if ((await git("status", "--porcelain")) !== "") {
    throw new ExpectedFailure("Expected a clean working tree. Commit or put aside what changed.");
  }

  const tag = `v${version}`;
  if ((await git("tag", "--list", tag)) !== "") {
    throw new ExpectedFailure(`Expected no tag ${tag} yet, found one. Choose the next version.`);
  }

  const changelog = join(root, "CHANGELOG.md");
  const migrations = await listNewMigrations(git);
  const text = moveUnreleased(await readFile(changelog, "utf8"), { version, date, migrations });
  await writeFile(changelog, text);
  for (const folder of Object.keys(lock.packages).filter(isOurs)) {
    const file = join(root, folder, "package.json");
    const manifest = JSON.parse(await readFile(file, "utf8")) as Record<string, unknown>;
    await writeJson(file, setVersion(manifest, version));
  }
  const packages = Object.fromEntries(
    Object.entries(lock.packages).map(([folder, entry]) => [
      folder,
      isOurs(folder) ? setVersion(entry, version) : entry,
    ]),
  );
  await writeJson(join(root, "package-lock.json"), { ...lock, version, packages });

  await git("commit", "--quiet", "--all", "--message", `Release ${version}`);
  await git("tag", "--annotate", tag, "--message", `Loupe ${version}`);
  return tag;
}

/** The project itself and its workspaces, rather than what is installed. */
function isOurs(folder: string): boolean {
  return !folder.includes("node_modules/");
}

async function writeJson(file: string, value: unknown): Promise<void> {
  await writeFile(file, `${JSON.stringify(value, null, 2)}\n`);
}

function requireGreater(version: string, current: string): void {
  const wanted = /^(\d+)\.(\d+)\.(\d+)$/.exec(version)?.slice(1).map(Number);
  if (wanted === undefined) {
    throw new ExpectedFailure(`Expected a version such as 1.2.3, got "${version}".`);
  }
  const now = current.split(".").map(Number);
  const at = wanted.findIndex((part, i) => part !== now[i]);
  if (at < 0 || (wanted[at] ?? 0) < (now[at] ?? 0)) {
    throw new ExpectedFailure(`Expected a version above ${current}, got ${version}.`);
  }
}

/** Migrations that the newest release did not have; all of them before the first one. */
async function listNewMigrations(
  git: (...args: string[]) => Promise<string>,
): Promise<readonly string[]> {
  const list = async (commit: string): Promise<string[]> =>
    (await git("ls-tree", "-d", "--name-only", commit, "prisma/migrations/"))
      .split("\n")
      .filter((path) => path !== "")
      .map((path) => path.replace("prisma/migrations/", ""));
  const tag = (await git("tag", "--list", "v*", "--sort=-version:refname", "--merged")).split("\n");
  const known = new Set(tag[0] === undefined || tag[0] === "" ? [] : await list(tag[0]));
  return (await list("HEAD")).filter((name) => !known.has(name));
}
