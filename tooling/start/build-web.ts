import { access, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { ExpectedFailure } from "../process/expected-failure.ts";
import { spawnProcess } from "../process/spawn-process.ts";
import { REPOSITORY_ROOT } from "../repository-root.ts";
import { hashSources } from "./hash-sources.ts";

/** Everything that the web build reads. */
const SOURCES = [
  "apps/web",
  "packages/contracts",
  "packages/db",
  "packages/platform",
  "packages/model/src/catalog",
  "package-lock.json",
  "prisma/schema.prisma",
  "tsconfig.base.json",
];

const OUTPUT = join(REPOSITORY_ROOT, "apps/web/.next");
const STAMP = join(OUTPUT, "loupe-build.json");

type BuildOptions = {
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
  readonly signal: AbortSignal;
};

/**
 * Build the web app unless a build of exactly these sources exists.
 *
 * @returns whether it had to build
 */
export async function buildWeb({ env, logFile, signal }: BuildOptions): Promise<boolean> {
  const hash = await hashSources(REPOSITORY_ROOT, SOURCES);
  if (await isBuilt(hash)) return false;
  // Gone before the build begins, so that an interrupted one is never taken for whole.
  await rm(STAMP, { force: true });
  const build = spawnProcess({
    name: "web build",
    command: process.execPath,
    args: [join(REPOSITORY_ROOT, "node_modules/next/dist/bin/next"), "build"],
    cwd: join(REPOSITORY_ROOT, "apps/web"),
    env: { ...env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1", FORCE_COLOR: "0" },
    logFile,
  });
  const abort = (): void => void build.stop(2_000);
  signal.addEventListener("abort", abort, { once: true });
  const { isClean, describe } = await build.ended;
  signal.removeEventListener("abort", abort);
  signal.throwIfAborted();
  if (!isClean) {
    throw new ExpectedFailure(
      `The web app could not be built (${describe}).\n${build.lastLines(30)}\nThe whole log is ${logFile}.`,
    );
  }
  await writeFile(STAMP, JSON.stringify({ hash }));
  return true;
}

async function isBuilt(hash: string): Promise<boolean> {
  const stamp = await readFile(STAMP, "utf8").catch(() => null);
  if (stamp === null || (JSON.parse(stamp) as { hash?: unknown }).hash !== hash) return false;
  return access(join(OUTPUT, "BUILD_ID")).then(
    () => true,
    () => false,
  );
}
