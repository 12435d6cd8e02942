import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

/** Another delivery may still be writing there until it learns that it was cancelled. */
const RETRIES = 20;

/**
 * Run work with a new folder below `parent` that is removed afterwards.
 *
 * The folder carries its owner's name, so that what a killed worker left is found: by the next
 * delivery, and by whoever ends the work.
 */
export async function withScratchFolder<T>(
  { parent, owner }: { readonly parent: string; readonly owner: string },
  work: (folder: string) => Promise<T>,
): Promise<T> {
  await mkdir(parent, { recursive: true });
  await removeScratch(parent, owner);
  const folder = await mkdtemp(join(parent, prefixOf(owner)));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: RETRIES });
  }
}

/** A folder below `parent` that stays for its owner's next delivery, until it is removed. */
export async function keptScratchFolder(parent: string, owner: string): Promise<string> {
  const folder = join(parent, `${prefixOf(owner)}kept`);
  await mkdir(folder, { recursive: true });
  return folder;
}

/** Remove the folders of an owner that are left below `parent`. */
export async function removeScratch(parent: string, owner: string): Promise<void> {
  for (const name of await readdir(parent).catch(() => [])) {
    if (name.startsWith(prefixOf(owner))) {
      await rm(join(parent, name), { recursive: true, force: true, maxRetries: RETRIES });
    }
  }
}

function prefixOf(owner: string): string {
  return `import-${owner}-`;
}
