import { IMPORT_LIMITS } from "@loupe/contracts";

import { formatBytes } from "../../../lib/format-bytes.ts";
import type { PathFile } from "../../../lib/read-dropped-files.ts";

export type UploadPlan =
  | {
      readonly field: "archive" | "files";
      readonly name: string;
      readonly files: readonly PathFile[];
    }
  | { readonly problem: string };

/** Files that the system adds to folders and that nobody means to bring. */
const SYSTEM_FILE = /(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini|__MACOSX\/.*)$/i;

/**
 * How to send what was dropped: one zip as it is, or a folder file by file. What cannot work is
 * said before the first byte is sent; everything else is the importer's to judge.
 */
export function planUpload(chosen: readonly PathFile[]): UploadPlan {
  const files = chosen.filter(({ path }) => !SYSTEM_FILE.test(path));
  const [first] = files;
  if (!first) return { problem: "There are no files in this folder. Choose another." };
  const sizeBytes = files.reduce((sum, { file }) => sum + file.size, 0);
  if (sizeBytes > IMPORT_LIMITS.archiveBytes) {
    return {
      problem:
        `Expected at most ${formatBytes(IMPORT_LIMITS.archiveBytes)}, got ` +
        `${formatBytes(sizeBytes)}. Split it into several imports.`,
    };
  }
  const isZip = (path: string) => path.toLowerCase().endsWith(".zip");
  if (files.length === 1 && isZip(first.path)) {
    return { field: "archive", name: first.file.name, files };
  }
  if (files.every(({ path }) => isZip(path))) {
    return { problem: `Expected one zip at a time, got ${files.length}. Import them in turn.` };
  }
  if (files.length > IMPORT_LIMITS.files) {
    return {
      problem:
        `Expected at most ${IMPORT_LIMITS.files.toLocaleString("en")} files, got ` +
        `${files.length.toLocaleString("en")}. Split the folder.`,
    };
  }
  if (!files.some(({ path }) => path.includes("/"))) {
    return {
      problem:
        "Expected a zip or a folder with train and test inside, got single files. " +
        "To score single pictures with a model, go to Inspect.",
    };
  }
  return { field: "files", name: first.path.split("/")[0] ?? first.path, files };
}
