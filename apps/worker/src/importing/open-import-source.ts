import { stat } from "node:fs/promises";

import type { ImportLimits } from "./import-limits.ts";
import type { ImportSource } from "./import-source.ts";
import { openFolderSource } from "./open-folder-source.ts";
import { openZipSource } from "./open-zip-source.ts";

/** The uploaded files: of a folder when the upload is one, else of a zip archive. */
export async function openImportSource(
  uploadPath: string,
  limits: ImportLimits,
): Promise<ImportSource> {
  const stats = await stat(uploadPath);
  return stats.isDirectory()
    ? openFolderSource(uploadPath, limits)
    : openZipSource(uploadPath, limits);
}
