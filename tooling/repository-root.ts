import { fileURLToPath } from "node:url";

/** Absolute path of the clone, whatever the current directory is. */
export const REPOSITORY_ROOT = fileURLToPath(new URL("../", import.meta.url)).replace(/[\\/]$/, "");
