import { AppError, type ContentHash } from "@loupe/contracts";
import { createHash, randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { buffer, text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";

import { blobName, BLOBS } from "./blob-name.ts";
import type { BlobStore } from "./blob-store.ts";
import { draftBlob } from "./draft-blob.ts";
import { keepBlob } from "./keep-blob.ts";
import { lendFiles } from "./lend-files.ts";
import type { LocalFile, ObjectStore } from "./object-store.ts";
import { openUploadFolder } from "./open-upload-folder.ts";
import { stageBlobs } from "./stage-blobs.ts";
import { sweepObjects, sweepTrees } from "./sweep-objects.ts";
import { withUpload } from "./with-upload.ts";

/** Below this name lies what is not imported yet. */
const UPLOADS = "uploads";
/** The object that says whose the store is. */
const CLAIM = "claimed-by";

/** Keys of uploads are made here: nothing else is looked for in the upload area. */
const UPLOAD_KEY = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;

/**
 * A blob store on whatever keeps objects: `sha256/ab/abcd…` for blobs, `uploads/…` for what is not
 * imported yet, `claimed-by` for whose it is.
 */
export function buildBlobStore(objects: ObjectStore): BlobStore {
  const putStream: BlobStore["putStream"] = async (source, limits) => {
    const drafted = await draftBlob(objects, source, limits);
    await keepBlob(objects, drafted);
    return { sha256: drafted.sha256, sizeBytes: drafted.sizeBytes };
  };

  const openRead: BlobStore["openRead"] = async (key, range) =>
    (await objects.get(blobName(key), range)) ?? missing(key);

  const lend = async (key: ContentHash): Promise<LocalFile> =>
    (await objects.lend(blobName(key))) ?? missing(key);

  const withLocalFiles: BlobStore["withLocalFiles"] = (keys, use) => lendFiles(keys, lend, use);

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

    has: (key) => isThere(objects, blobName(key)),
    size: async (key) => ((await objects.head(blobName(key))) ?? missing(key)).sizeBytes,
    openRead,
    readBytes: async (key, range) => buffer(await openRead(key, range)),
    withLocalFile: (key, use) => withLocalFiles([key], (locate) => use(locate(key))),
    withLocalFiles,

    async verify(key) {
      const hash = createHash("sha256");
      await pipeline(await openRead(key), hash);
      return hash.digest("hex") === key;
    },

    async createUpload(source, limits) {
      const key = randomUUID();
      const { draft, sizeBytes } = await draftBlob(objects, source, limits);
      await draft.keep(uploadName(key));
      return { key, sizeBytes };
    },

    createUploadFolder() {
      const key = randomUUID();
      return openUploadFolder(objects, { key, name: uploadName(key) });
    },

    stage: () => stageBlobs(objects),

    async withUpload(key, use) {
      const lent = await withUpload(objects, uploadName(key), use);
      if (lent === null) throw absent(key);
      return lent.result;
    },

    // Not as plain functions: a key that is none is a refusal, not an exception on the way.
    async deleteUpload(key) {
      await objects.deleteTree(uploadName(key));
    },

    claimant: () => readClaim(objects),

    async claim(name) {
      const draft = await objects.draft(once(Buffer.from(name)));
      await draft.keep(CLAIM, { ifAbsent: true });
      return (await readClaim(objects)) ?? name;
    },

    sweepBlobs: (sweep) => sweepObjects(objects, BLOBS, sweep),
    sweepUploads: (sweep) => sweepTrees(objects, UPLOADS, sweep),
  };
}

function uploadName(key: string): string {
  if (!UPLOAD_KEY.test(key)) throw absent(key);
  return `${UPLOADS}/${key}`;
}

async function isThere(objects: ObjectStore, name: string): Promise<boolean> {
  return (await objects.head(name)) !== null;
}

async function readClaim(objects: ObjectStore): Promise<string | null> {
  const stream = await objects.get(CLAIM);
  return stream === null ? null : text(stream);
}

function absent(key: string): AppError {
  return new AppError("NOT_FOUND", `There is no upload ${key} in the store.`, { key });
}

/** A row names it, so it was there once. */
function missing(key: ContentHash): never {
  throw new AppError(
    "FILE_MISSING",
    `Expected the file ${key} in the blob store, but it is not there. Restore the folder of blobs ` +
      "from a backup, or bring the file again.",
    { key },
  );
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
