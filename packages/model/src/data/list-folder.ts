import { readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";

/** Names in a folder, sorted by code unit so that every machine sees one order. */
export type FolderContent = {
  readonly folders: readonly string[];
  readonly files: readonly string[];
  /** Links that lead nowhere or in a circle. */
  readonly brokenLinks: readonly string[];
};

/**
 * What a folder holds; a link is what it leads to.
 *
 * Hidden names are left out. A folder that is there under several names counts once, under its own
 * name if that is among them. A folder that cannot be read is empty.
 */
export async function listFolder(folder: string): Promise<FolderContent> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const own: string[] = [];
  const linked: string[] = [];
  const files: string[] = [];
  const brokenLinks: string[] = [];
  for (const entry of entries) {
    const { name } = entry;
    if (name.startsWith(".")) continue;
    const target = entry.isSymbolicLink()
      ? await stat(join(folder, name)).catch(() => null)
      : entry;
    if (target === null) brokenLinks.push(name);
    else if (target.isFile()) files.push(name);
    else if (target.isDirectory()) (entry.isSymbolicLink() ? linked : own).push(name);
  }
  const folders = await once(folder, [...own.sort(byCodeUnit), ...linked.sort(byCodeUnit)]);
  return {
    folders: folders.sort(byCodeUnit),
    files: files.sort(byCodeUnit),
    brokenLinks: brokenLinks.sort(byCodeUnit),
  };
}

/** The first name of each folder. */
async function once(parent: string, names: readonly string[]): Promise<string[]> {
  const seen = new Set<string>();
  const first: string[] = [];
  for (const name of names) {
    const real = await realpath(join(parent, name)).catch(() => null);
    if (real === null || seen.has(real)) continue;
    seen.add(real);
    first.push(name);
  }
  return first;
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
