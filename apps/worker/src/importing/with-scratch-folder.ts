import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";

/** Run work with a new folder below `parent` that is removed afterwards. */
export async function withScratchFolder<T>(
  parent: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, "import-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
