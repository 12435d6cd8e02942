import { AppError, ContentHash } from "@loupe/contracts";
import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";

import type { BlobStore, StoredBlob, StoreLimits } from "./blob-store.ts";
import { openUploadFolder } from "./open-upload-folder.ts";
import { PRIVATE_FOLDER } from "./private-modes.ts";
import { readSpace as readSpaceOfSystem, type ReadSpace } from "./read-space.ts";
import { stageBlobs } from "./stage-blobs.ts";
import { claimOnce, sweepFolder } from "./sweep-files.ts";
import { beginAgeAnew, exists, keepFile, removeAbandoned, writeTemporary } from "./write-safely.ts";

/** Keys of uploads are made here: nothing else is looked for in the upload area. */
const UPLOAD_KEY = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;

/**
 * A blob store in a folder: `sha256/ab/abcd…` for blobs, `uploads/` for what is
 * not imported yet, `temporary/` for writes under way, `claimed-by` for whose it is.
 */
export async function openFileBlobStore(
  folder: string,
  readSpace: ReadSpace = readSpaceOfSystem,
): Promise<BlobStore> {
  const root = resolve(folder);
  const blobs = join(root, "sha256");
  const uploads = join(root, "uploads");
  const temporary = join(root, "temporary");
  const claimFile = join(root, "claimed-by");
  for (const area of [blobs, uploads, temporary]) {
    await mkdir(area, { recursive: true, mode: PRIVATE_FOLDER });
  }
  const drafts = { folder: temporary, readSpace };
  await removeAbandoned(temporary);

  const blobPath = (key: ContentHash): string =>
    join(blobs, key.slice(0, 2), ContentHash.parse(key));
  const uploadPath = (key: string): string => {
    if (!UPLOAD_KEY.test(key)) throw absent(key);
    return join(uploads, key);
  };

  async function putStream(
    source: AsyncIterable<Uint8Array>,
    limits: StoreLimits,
  ): Promise<StoredBlob> {
    const written = await writeTemporary(drafts, source, limits);
    const key = written.sha256;
    if (await beginAgeAnew(blobPath(key))) await rm(written.path, { force: true });
    else await keepFile(written.path, blobPath(key));
    return { sha256: key, sizeBytes: written.sizeBytes };
  }

  async function requireBlob(key: ContentHash): Promise<string> {
    const path = blobPath(key);
    if (!(await exists(path))) throw missing(key);
    return path;
  }

  return {
    putStream,

    async putBytes(bytes) {
      const { sha256 } = await putStream(once(bytes), { maxBytes: bytes.byteLength });
      return sha256;
    },

    async putFile(path) {
      const { size } = await stat(path);
      return putStream(createReadStream(path), { maxBytes: size });
    },

    has: (key) => exists(blobPath(key)),
    size: async (key) => (await stat(await requireBlob(key))).size,
    openRead: async (key) => createReadStream(await requireBlob(key)),
    readBytes: async (key) => readFile(await requireBlob(key)),
    path: requireBlob,

    async verify(key) {
      const hash = createHash("sha256");
      await pipeline(createReadStream(await requireBlob(key)), hash);
      return hash.digest("hex") === key;
    },

    async createUpload(source, limits) {
      const key = randomUUID();
      const { path, sizeBytes } = await writeTemporary(drafts, source, limits);
      await keepFile(path, join(uploads, key));
      return { key, sizeBytes };
    },

    async createUploadFolder() {
      const key = randomUUID();
      await mkdir(join(uploads, key), { mode: PRIVATE_FOLDER });
      return openUploadFolder(key, { folder: join(uploads, key), drafts });
    },

    stage: () => stageBlobs({ folder: join(uploads, randomUUID()), drafts, blobPath }),

    async uploadPath(key) {
      const path = uploadPath(key);
      if (!(await exists(path))) throw absent(key);
      return path;
    },

    async deleteUpload(key) {
      await rm(uploadPath(key), { recursive: true, force: true });
    },

    claimant: () => readFile(claimFile, "utf8").catch(nothingIfAbsent),
    claim: (name) => claimOnce(claimFile, name),

    async sweepBlobs(sweep) {
      const all = { count: 0, sizeBytes: 0 };
      for (const name of await readdir(blobs)) {
        const { count, sizeBytes } = await sweepFolder(join(blobs, name), sweep);
        all.count += count;
        all.sizeBytes += sizeBytes;
      }
      return all;
    },

    sweepUploads: (sweep) => sweepFolder(uploads, sweep),
  };
}

function nothingIfAbsent(error: NodeJS.ErrnoException): null {
  if (error.code === "ENOENT") return null;
  throw error;
}

function absent(key: string): AppError {
  return new AppError("NOT_FOUND", `There is no upload ${key} in the store.`, { key });
}

/** A row names it, so it was there once. */
function missing(key: ContentHash): AppError {
  return new AppError(
    "FILE_MISSING",
    `Expected the file ${key} in the blob store, but it is not there. Restore the folder of blobs ` +
      "from a backup, or bring the file again.",
    { key },
  );
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
