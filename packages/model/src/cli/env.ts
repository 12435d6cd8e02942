import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const PROJECT_ROOT = fileURLToPath(new URL("../../../../", import.meta.url));

function cacheFolder(name: string): string {
  const { LOUPE_HOME: home } = process.env;
  return join(home ? resolve(home) : join(PROJECT_ROOT, ".loupe"), "cache", name);
}

/** Where encoder features are kept: `cache/features` in `LOUPE_HOME`, default `.loupe`. */
export function featureCacheFolder(): string {
  return cacheFolder("features");
}

/** Where crops and what teachers say to them are kept: `cache/lessons` in `LOUPE_HOME`. */
export function lessonCacheFolder(): string {
  return cacheFolder("lessons");
}

/** The folder that relative paths start from: where npm was called, not where it runs scripts. */
export function startFolder(): string {
  return process.env["INIT_CWD"] ?? process.cwd();
}
