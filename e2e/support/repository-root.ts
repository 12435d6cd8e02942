import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** Absolute path of the clone. */
export const REPOSITORY_ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
