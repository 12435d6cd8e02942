import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { Transform, type TransformCallback } from "node:stream";
import { pipeline } from "node:stream/promises";
import { crc32 } from "node:zlib";

import { AppError, ContentHash } from "@loupe/contracts";

import type { SourceFile } from "./import-source.ts";

/** Enough of a file's beginning to tell what it is. */
const HEAD_BYTES = 64;

export type SpooledFile = {
  readonly path: string;
  readonly sha256: ContentHash;
  readonly sizeBytes: number;
  /** The first bytes of the content. */
  readonly head: Uint8Array;
};

/**
 * Write a file of an upload to disk, hashing it on the way; memory stays at a few chunks.
 *
 * @throws AppError IMPORT_REFUSED when the content is not what the archive states (length, checksum)
 */
export async function spoolFile(file: SourceFile, toPath: string): Promise<SpooledFile> {
  const meter = new Meter();
  try {
    await pipeline(file.open(), meter, createWriteStream(toPath));
  } catch (error) {
    throw isDiskError(error) ? error : notAsStated(file, error);
  }
  if (meter.sizeBytes !== file.sizeBytes) {
    throw notAsStated(file, `${file.sizeBytes} bytes stated, ${meter.sizeBytes} found`);
  }
  if (file.crc32 !== null && meter.checksum !== file.crc32) {
    throw notAsStated(file, "its checksum is wrong");
  }
  return {
    path: toPath,
    sha256: ContentHash.parse(meter.hash.digest("hex")),
    sizeBytes: meter.sizeBytes,
    head: meter.head,
  };
}

/** Passes bytes through and keeps their hash, checksum, length and beginning. */
class Meter extends Transform {
  readonly hash = createHash("sha256");
  checksum = 0;
  sizeBytes = 0;
  head = Buffer.alloc(0);

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.hash.update(chunk);
    this.checksum = crc32(chunk, this.checksum);
    this.sizeBytes += chunk.length;
    if (this.head.length < HEAD_BYTES) {
      this.head = Buffer.concat([this.head, chunk.subarray(0, HEAD_BYTES - this.head.length)]);
    }
    done(null, chunk);
  }
}

/** A full or failing disk is our trouble, not the archive's. */
function isDiskError(error: unknown): boolean {
  return error instanceof Error && "syscall" in error;
}

function notAsStated(file: SourceFile, cause: unknown): AppError {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new AppError(
    "IMPORT_REFUSED",
    `${file.path} is not what the archive states (${detail}). Pack the folder and upload it again.`,
  );
}
