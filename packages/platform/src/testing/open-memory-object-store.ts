import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";

import {
  splitObjectName,
  type LocalFile,
  type ObjectDraft,
  type ObjectStore,
} from "../storage/object-store.ts";

type Kept = { readonly bytes: Buffer; readonly storedAt: Date };

/** Objects in memory. Like a service it has no files of its own, and lends copies. */
export function openMemoryObjectStore(): ObjectStore {
  const objects = new Map<string, Kept>();
  const nameOf = (name: string): string => splitObjectName(name).join("/");

  const draft: ObjectStore["draft"] = async (source) => draftOf(objects, await buffer(source));
  return {
    draft,

    async put(name, source) {
      const complete = await draft(source);
      await complete.keep(name);
    },

    get(name, range) {
      const bytes = objects.get(nameOf(name))?.bytes;
      if (bytes === undefined) return Promise.resolve(null);
      const end = range === undefined ? bytes.length : range.offset + range.length;
      return Promise.resolve(Readable.from([bytes.subarray(range?.offset ?? 0, end)]));
    },

    head(name) {
      const kept = objects.get(nameOf(name));
      if (kept === undefined) return Promise.resolve(null);
      return Promise.resolve({ sizeBytes: kept.bytes.length, storedAt: kept.storedAt });
    },

    async *list(below) {
      const beginning = `${nameOf(below)}/`;
      const listed = [...objects].filter(([name]) => name.startsWith(beginning));
      for (const [name, { bytes, storedAt }] of listed) {
        yield { name, sizeBytes: bytes.length, storedAt };
        await Promise.resolve();
      }
    },

    renew(name) {
      const kept = objects.get(nameOf(name));
      if (kept !== undefined) objects.set(name, { ...kept, storedAt: new Date() });
      return Promise.resolve(kept !== undefined);
    },

    delete(name) {
      objects.delete(nameOf(name));
      return Promise.resolve();
    },

    deleteTree(name) {
      objects.delete(nameOf(name));
      for (const other of [...objects.keys()]) {
        if (other.startsWith(`${name}/`)) objects.delete(other);
      }
      return Promise.resolve();
    },

    async lend(name) {
      const kept = objects.get(nameOf(name));
      return kept === undefined ? null : lendCopy(kept.bytes);
    },
  };
}

function draftOf(objects: Map<string, Kept>, bytes: Buffer): ObjectDraft {
  return {
    lend: () => lendCopy(bytes),
    keep(name, { ifAbsent } = { ifAbsent: false }) {
      const known = splitObjectName(name).join("/");
      if (ifAbsent && objects.has(known)) return Promise.resolve(false);
      objects.set(known, { bytes, storedAt: new Date() });
      return Promise.resolve(true);
    },
    discard: () => Promise.resolve(),
  };
}

async function lendCopy(bytes: Uint8Array): Promise<LocalFile> {
  const folder = await mkdtemp(join(tmpdir(), "loupe-lent-"));
  const path = join(folder, "object");
  await writeFile(path, bytes);
  return { path, release: () => rm(folder, { recursive: true, force: true }) };
}
