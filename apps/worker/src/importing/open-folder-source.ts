import { createReadStream } from "node:fs";
import { opendir, lstat } from "node:fs/promises";
import { join } from "node:path";

import { AppError } from "@loupe/contracts";

import { cleanEntryPath } from "./clean-entry-path.ts";
import { formatBytes } from "./format-bytes.ts";
import type { ImportLimits } from "./import-limits.ts";
import type { ImportSource, SourceFile } from "./import-source.ts";

/**
 * The files of an uploaded folder, under the same limits as an archive's.
 *
 * @throws AppError IMPORT_REFUSED for links and for more than the limits allow
 */
export async function openFolderSource(root: string, limits: ImportLimits): Promise<ImportSource> {
  const files: SourceFile[] = [];
  let totalBytes = 0;
  for await (const relative of walk(root, "")) {
    const path = cleanEntryPath(relative);
    const absolute = join(root, relative);
    const stats = await lstat(absolute);
    if (!stats.isFile()) {
      throw new AppError("IMPORT_REFUSED", `${path} is a link or device, not a file.`);
    }
    totalBytes += stats.size;
    if (files.length >= limits.files) {
      throw new AppError("IMPORT_REFUSED", `Expected at most ${limits.files} files, got more.`);
    }
    if (totalBytes > limits.totalBytes) {
      throw new AppError(
        "IMPORT_REFUSED",
        `The folder holds more than ${formatBytes(limits.totalBytes)}. Split it.`,
      );
    }
    files.push({
      path,
      sizeBytes: stats.size,
      crc32: null,
      open: () => createReadStream(absolute),
    });
  }
  return { files, close: () => Promise.resolve() };
}

/** Relative paths of everything below `root` that is not a folder. */
async function* walk(root: string, prefix: string): AsyncGenerator<string, void, void> {
  for await (const item of await opendir(join(root, prefix))) {
    const relative = prefix === "" ? item.name : `${prefix}/${item.name}`;
    if (item.isDirectory()) yield* walk(root, relative);
    else yield relative;
  }
}
