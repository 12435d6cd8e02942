import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const PROJECT_ROOT = fileURLToPath(new URL("../../../../", import.meta.url));

function home(): string {
  const { LOUPE_HOME: folder } = process.env;
  return folder ? resolve(folder) : join(PROJECT_ROOT, ".loupe");
}

function cacheFolder(name: string): string {
  return join(home(), "cache", name);
}

/** The key with which models are signed that are trained here: `signing-key` in `LOUPE_HOME`. */
export function signingKeyFile(): string {
  return join(home(), "signing-key");
}

/** Where encoder features are kept: `cache/features` in `LOUPE_HOME`, default `.loupe`. */
export function featureCacheFolder(): string {
  return cacheFolder("features");
}

/** Where crops and what teachers say to them are kept: `cache/lessons` in `LOUPE_HOME`. */
export function sampleCacheFolder(): string {
  return cacheFolder("lessons");
}

/** The folder that relative paths start from: where npm was called, not where it runs scripts. */
export function startFolder(): string {
  return process.env["INIT_CWD"] ?? process.cwd();
}
