import type { Readable } from "node:stream";

/** One file of an upload, not yet read. */
export type SourceFile = {
  /** Cleaned relative path with `/` between the segments; unique in its source. */
  readonly path: string;
  readonly sizeBytes: number;
  /** CRC-32 that the archive states; null where the source has none. */
  readonly crc32: number | null;
  /** A fresh stream of the content. It fails when the content is not as long as stated. */
  open(): Readable;
};

/** What was uploaded, as a list of files. */
export interface ImportSource {
  readonly files: readonly SourceFile[];
  close(): Promise<void>;
}
