import { createWriteStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { pipeline } from "node:stream/promises";

import { ZipFile } from "yazl";

/** Zip everything under a folder, with paths that begin at the folder's contents. */
export async function zipFolder(folder: string, archive: string): Promise<void> {
  const zip = new ZipFile();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    zip.addFile(path, relative(folder, path).split(sep).join("/"), { compress: false });
  }
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(archive));
}
