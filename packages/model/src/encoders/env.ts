import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const PROJECT_ROOT = fileURLToPath(new URL("../../../../", import.meta.url));

/** Where fetched encoders are kept: `encoders` in `LOUPE_HOME`, default `.loupe`. */
export function fetchedEncodersFolder(): string {
  const { LOUPE_HOME: home } = process.env;
  return join(home ? resolve(home) : join(PROJECT_ROOT, ".loupe"), "encoders");
}

/** What ships with the package. */
const BUILT_IN = fileURLToPath(new URL("../../encoders", import.meta.url));

/**
 * Folders in which encoders are looked up by name, first match first.
 *
 * `LOUPE_ENCODERS` (a folder), then what was fetched, then `weights` in `LOUPE_SHARED_DATA`, which
 * defaults to `../shared/data` beside the project, then what ships with the package.
 */
export function encoderFolders(): string[] {
  const { LOUPE_ENCODERS: encoders, LOUPE_SHARED_DATA: sharedData } = process.env;
  const shared = sharedData ? resolve(sharedData) : join(PROJECT_ROOT, "..", "shared", "data");
  const own = encoders ? [resolve(encoders)] : [];
  return [...own, fetchedEncodersFolder(), join(shared, "weights"), BUILT_IN];
}

/** The hub that encoders are fetched from; `HF_ENDPOINT` names a mirror, as in its own tools. */
export function hubAddress(): string {
  return (process.env["HF_ENDPOINT"] || "https://huggingface.co").replace(/\/+$/, "");
}
