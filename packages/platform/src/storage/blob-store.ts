import type { ContentHash } from "@loupe/contracts";
import type { Readable } from "node:stream";

export type StoredBlob = { readonly sha256: ContentHash; readonly sizeBytes: number };

export type StoreLimits = {
  /** A longer stream is refused with TOO_LARGE and leaves nothing behind. */
  readonly maxBytes: number;
};

/**
 * Content-addressed storage: the key of a blob is the SHA-256 of its bytes.
 *
 * Storing the same content twice keeps one copy. A blob is complete or absent,
 * also after a crash in the middle of a write. Keys of absent blobs are
 * answered with FILE_MISSING.
 */
export interface BlobStore {
  putStream(source: AsyncIterable<Uint8Array>, limits: StoreLimits): Promise<StoredBlob>;
  putBytes(bytes: Uint8Array): Promise<ContentHash>;
  /** Copies the file; it stays where it is. */
  putFile(path: string): Promise<StoredBlob>;
  has(key: ContentHash): Promise<boolean>;
  size(key: ContentHash): Promise<number>;
  openRead(key: ContentHash): Promise<Readable>;
  readBytes(key: ContentHash): Promise<Buffer>;
  /** A local file with the content, for tools that want one. Never write to it. */
  path(key: ContentHash): Promise<string>;
  /** Read the blob through and compare: false when its bytes no longer match its key. */
  verify(key: ContentHash): Promise<boolean>;

  /** Keep an upload under a random key until it has been imported. */
  createUpload(source: AsyncIterable<Uint8Array>, limits: StoreLimits): Promise<UploadedFile>;
  /** An empty folder in the upload area, for dropped folders. */
  createUploadFolder(): Promise<UploadFolder>;
  /** Keep blobs aside until it is known whether a row will name them. */
  stage(): Promise<StagedBlobs>;
  /** The local path of an upload, a file or a folder. Throws NOT_FOUND. */
  uploadPath(key: string): Promise<string>;
  /** Removing what is gone already is no error. */
  deleteUpload(key: string): Promise<void>;

  /** Whose rows name what is stored here: the name of the first who claimed it, null before that. */
  claimant(): Promise<string | null>;
  /** Claim the store, once and for all; returns the name under which it is claimed by then. */
  claim(name: string): Promise<string>;
  /** Remove blobs that no row names. Storing one again begins its age anew. */
  sweepBlobs(sweep: Sweep): Promise<Swept>;
  /** Remove uploads that no import will read. */
  sweepUploads(sweep: Sweep): Promise<Swept>;
}

/** What a sweep may remove: what is old enough, as far as it is not in use. */
export type Sweep = {
  /** Blobs are written before the rows that name them, so only age tells what will have none. */
  readonly olderThanMs: number;
  /** Those of the keys that are in use. */
  readonly findUsed: (keys: readonly string[]) => Promise<ReadonlySet<string>>;
};

export type Swept = { readonly count: number; readonly sizeBytes: number };

export type UploadedFile = { readonly key: string; readonly sizeBytes: number };

/** Blobs that are not in the store yet, and leave nothing there unless they are kept. */
export interface StagedBlobs extends Pick<BlobStore, "putStream" | "putFile" | "path"> {
  /** Bring these into the store, just before the rows that name them are committed. */
  keep(keys: readonly ContentHash[]): Promise<void>;
  /** Remove whatever was not kept; afterwards nothing may be added. */
  discard(): Promise<void>;
}

export interface UploadFolder {
  readonly key: string;
  /** Bytes added so far. */
  readonly sizeBytes: number;
  /** Add one file under a relative path. BAD_INPUT for one that leaves the folder or has no place in it. */
  add(
    relativePath: string,
    source: AsyncIterable<Uint8Array>,
    limits: StoreLimits,
  ): Promise<{ sizeBytes: number }>;
}
