import { Readable } from "node:stream";

import type { Upload, UploadEntry } from "./blob-store.ts";
import type { ObjectStore } from "./object-store.ts";

/** Lend the upload that lies under a name while `use` runs; null when there is none. */
export async function withUpload<T>(
  objects: ObjectStore,
  name: string,
  use: (upload: Upload) => Promise<T>,
): Promise<{ readonly result: T } | null> {
  const file = await objects.lend(name);
  if (file === null) {
    if (await isEmpty(objects.list(name))) return null;
    return { result: await use({ kind: "folder", files: listEntries(objects, name) }) };
  }
  try {
    return { result: await use({ kind: "file", path: file.path }) };
  } finally {
    await file.release();
  }
}

async function* listEntries(
  objects: ObjectStore,
  folder: string,
): AsyncGenerator<UploadEntry, void, void> {
  for await (const { name, sizeBytes } of objects.list(folder)) {
    yield {
      path: name.slice(folder.length + 1),
      sizeBytes,
      open: () => Readable.from(readWhole(objects, name), { objectMode: false }),
    };
  }
}

async function* readWhole(objects: ObjectStore, name: string): AsyncGenerator<Uint8Array> {
  const stream = await objects.get(name);
  if (stream === null) throw new Error(`Expected ${name} as it was uploaded, but it is gone.`);
  yield* stream as AsyncIterable<Uint8Array>;
}

async function isEmpty(items: AsyncIterable<unknown>): Promise<boolean> {
  for await (const _item of items) return false;
  return true;
}
