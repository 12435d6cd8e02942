import type { Upload } from "@loupe/platform";

import type { ImportLimits } from "./import-limits.ts";
import type { ImportSource } from "./import-source.ts";
import { openFolderSource } from "./open-folder-source.ts";
import { openZipSource } from "./open-zip-source.ts";

/** The uploaded files: of a folder when the upload is one, else of a zip archive. */
export async function openImportSource(
  upload: Upload,
  limits: ImportLimits,
): Promise<ImportSource> {
  return upload.kind === "folder"
    ? openFolderSource(upload.files, limits)
    : openZipSource(upload.path, limits);
}
