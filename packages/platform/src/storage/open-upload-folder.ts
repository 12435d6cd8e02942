import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";

import type { UploadFolder } from "./blob-store.ts";
import { badPath, checkUploadPath } from "./check-upload-path.ts";
import { PRIVATE_FOLDER } from "./private-modes.ts";
import { type Drafts, exists, keepFile, writeTemporary } from "./write-safely.ts";

/** What a system says of a path that it cannot hold beside what is there. */
const UNFIT = new Set(["ENAMETOOLONG", "ENOTDIR", "EEXIST", "EISDIR", "EINVAL", "EILSEQ"]);

/** A folder in the upload area that takes files one after the other. */
export function openUploadFolder(
  key: string,
  { folder, drafts }: { folder: string; drafts: Drafts },
): UploadFolder {
  let total = 0;
  return {
    key,
    get sizeBytes() {
      return total;
    },
    async add(relativePath, source, limits) {
      const target = join(folder, ...checkUploadPath(relativePath));
      try {
        await mkdir(dirname(target), { recursive: true, mode: PRIVATE_FOLDER });
      } catch (error) {
        throw isUnfit(error) ? badPath(relativePath, "a folder where a file is already") : error;
      }
      // Also where a system takes two spellings for one name.
      if (await exists(target)) throw badPath(relativePath, "every path once");
      const { path, sizeBytes } = await writeTemporary(drafts, source, limits);
      try {
        await keepFile(path, target);
      } catch (error) {
        throw isUnfit(error) ? badPath(relativePath, "a path that this system can hold") : error;
      }
      total += sizeBytes;
      return { sizeBytes };
    },
  };
}

function isUnfit(error: unknown): boolean {
  return error instanceof Error && "code" in error && UNFIT.has(String(error.code));
}
