import { AppError } from "@loupe/contracts";
import type { UploadEntry } from "@loupe/platform";

import { cleanEntryPath } from "./clean-entry-path.ts";
import { formatBytes } from "./format-bytes.ts";
import type { ImportLimits } from "./import-limits.ts";
import type { ImportSource, SourceFile } from "./import-source.ts";

/**
 * The files of an uploaded folder, under the same limits as an archive's.
 *
 * @throws AppError IMPORT_REFUSED for more than the limits allow
 */
export async function openFolderSource(
  entries: AsyncIterable<UploadEntry>,
  limits: ImportLimits,
): Promise<ImportSource> {
  const files: SourceFile[] = [];
  let totalBytes = 0;
  for await (const { path, sizeBytes, open } of entries) {
    totalBytes += sizeBytes;
    if (files.length >= limits.files) {
      throw new AppError("IMPORT_REFUSED", `Expected at most ${limits.files} files, got more.`);
    }
    if (totalBytes > limits.totalBytes) {
      throw new AppError(
        "IMPORT_REFUSED",
        `The folder holds more than ${formatBytes(limits.totalBytes)}. Split it.`,
      );
    }
    files.push({ path: cleanEntryPath(path), sizeBytes, crc32: null, open });
  }
  return { files, close: () => Promise.resolve() };
}
