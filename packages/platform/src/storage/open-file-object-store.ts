import type { Stats } from "node:fs";
import { mkdir, open, readdir, rm, stat, unlink } from "node:fs/promises";
import { join, resolve } from "node:path";

import { findIfThere } from "./find-if-there.ts";
import {
  splitObjectName,
  type ListedObject,
  type LocalFile,
  type ObjectDraft,
  type ObjectStore,
} from "./object-store.ts";
import { PRIVATE_FOLDER } from "./private-modes.ts";
import { readSpace as readSpaceOfSystem, type ReadSpace } from "./read-space.ts";
import {
  beginAgeAnew,
  keepFile,
  keepNewFile,
  removeAbandoned,
  writeTemporary,
} from "./write-safely.ts";

/**
 * Objects as files of a folder, under their names; `temporary/` is for writes under way.
 *
 * Nothing but this driver knows where they lie.
 */
export async function openFileObjectStore(
  folder: string,
  readSpace: ReadSpace = readSpaceOfSystem,
): Promise<ObjectStore> {
  const root = resolve(folder);
  const temporary = join(root, "temporary");
  await mkdir(temporary, { recursive: true, mode: PRIVATE_FOLDER });
  await removeAbandoned(temporary);
  const pathOf = (name: string): string => join(root, ...splitObjectName(name));

  const draft: ObjectStore["draft"] = async (source) =>
    draftOf(await writeTemporary({ folder: temporary, readSpace }, source), pathOf);
  return {
    draft,

    async put(name, source) {
      await (await draft(source)).keep(name);
    },

    async get(name, range) {
      const file = await findIfThere(open(pathOf(name)));
      if (file === null) return null;
      if (!(await file.stat()).isFile()) {
        await file.close();
        return null;
      }
      if (range === undefined) return file.createReadStream();
      return file.createReadStream({ start: range.offset, end: range.offset + range.length - 1 });
    },

    async head(name) {
      const found = await findFile(pathOf(name));
      return found === null ? null : { sizeBytes: found.size, storedAt: found.mtime };
    },

    list: (below) => walk(pathOf(below), below),

    async renew(name) {
      const path = pathOf(name);
      return (await findFile(path)) !== null && (await beginAgeAnew(path));
    },

    async delete(name) {
      await findIfThere(unlink(pathOf(name)));
    },

    async deleteTree(name) {
      await findIfThere(rm(pathOf(name), { recursive: true, force: true }));
    },

    async lend(name) {
      const path = pathOf(name);
      return (await findFile(path)) === null ? null : lentFile(path);
    },
  };
}

async function findFile(path: string): Promise<Stats | null> {
  const found = await findIfThere(stat(path));
  return found?.isFile() === true ? found : null;
}

function draftOf(path: string, pathOf: (name: string) => string): ObjectDraft {
  return {
    lend: () => Promise.resolve(lentFile(path)),
    async keep(name, { ifAbsent } = { ifAbsent: false }) {
      if (ifAbsent) return keepNewFile(path, pathOf(name));
      await keepFile(path, pathOf(name));
      return true;
    },
    discard: () => rm(path, { force: true }),
  };
}

/** The store's own file: there is nothing to bring and nothing to take away. */
function lentFile(path: string): LocalFile {
  return { path, release: () => Promise.resolve() };
}

async function* walk(folder: string, name: string): AsyncGenerator<ListedObject, void, void> {
  const entries = (await findIfThere(readdir(folder, { withFileTypes: true }))) ?? [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const below = `${name}/${entry.name}`;
    if (entry.isDirectory()) yield* walk(path, below);
    if (!entry.isFile()) continue;
    const found = await findIfThere(stat(path));
    if (found !== null) yield { name: below, sizeBytes: found.size, storedAt: found.mtime };
  }
}
