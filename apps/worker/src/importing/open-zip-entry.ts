import { open, type FileHandle } from "node:fs/promises";
import { pipeline, Readable, Transform, type TransformCallback } from "node:stream";
import { createInflateRaw } from "node:zlib";

/** What the archive's directory says of an entry. */
export type ZipEntryPlace = {
  readonly headerAt: number;
  readonly method: number;
  readonly packedBytes: number;
  readonly sizeBytes: number;
};

export const STORED = 0;
export const DEFLATED = 8;

const HEADER_BYTES = 30;
const HEADER_SIGNATURE = 0x04034b50;
const CHUNK_BYTES = 64 * 1024;

/**
 * The content of one entry of an archive, through a file handle of its own.
 *
 * Entries that are read at the same time share nothing, so one that breaks off breaks no other.
 * The stream fails as soon as it is longer than stated and when it ends too early: what an entry
 * really inflates to is never known before.
 */
export function openZipEntry(archivePath: string, entry: ZipEntryPlace): Readable {
  const packed = Readable.from(readPacked(archivePath, entry), { objectMode: false });
  const counted = new ExactLength(entry.sizeBytes);
  // Whoever fails takes the others along; the reader meets the error on the last one.
  const settled = () => undefined;
  if (entry.method === STORED) pipeline(packed, counted, settled);
  else pipeline(packed, createInflateRaw({ chunkSize: CHUNK_BYTES }), counted, settled);
  return counted;
}

async function* readPacked(path: string, entry: ZipEntryPlace): AsyncGenerator<Buffer, void, void> {
  const file = await open(path, "r");
  try {
    let at = await findContent(file, entry);
    const end = at + entry.packedBytes;
    while (at < end) {
      const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, end - at));
      const { bytesRead } = await file.read(chunk, 0, chunk.length, at);
      if (bytesRead === 0) throw new Error("the archive ends before it does");
      at += bytesRead;
      yield chunk.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** Where the packed bytes begin: behind the local header, whose length only itself says. */
async function findContent(file: FileHandle, entry: ZipEntryPlace): Promise<number> {
  const header = Buffer.alloc(HEADER_BYTES);
  const { bytesRead } = await file.read(header, 0, HEADER_BYTES, entry.headerAt);
  if (bytesRead < HEADER_BYTES || header.readUInt32LE(0) !== HEADER_SIGNATURE) {
    throw new Error("its header is not where the directory says");
  }
  const method = header.readUInt16LE(8);
  if (method !== entry.method) {
    throw new Error(`packed with method ${entry.method} by the directory, ${method} by its header`);
  }
  return entry.headerAt + HEADER_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
}

/** Passes as many bytes as were stated, or fails. */
class ExactLength extends Transform {
  #count = 0;

  constructor(private readonly stated: number) {
    super();
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#count += chunk.length;
    if (this.#count > this.stated) done(new Error(`longer than the ${this.stated} bytes stated`));
    else done(null, chunk);
  }

  override _flush(done: TransformCallback): void {
    const isShort = this.#count < this.stated;
    done(isShort ? new Error(`${this.stated} bytes stated, ${this.#count} found`) : null);
  }
}
