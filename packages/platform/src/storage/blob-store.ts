import type { ContentHash } from "@loupe/contracts";
import type { Readable } from "node:stream";

import type { ByteRange } from "./object-store.ts";

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
  openRead(key: ContentHash, range?: ByteRange): Promise<Readable>;
  readBytes(key: ContentHash, range?: ByteRange): Promise<Buffer>;
  /** Lend a local file with the content while `use` runs, for tools that want one. Never write to it. */
  withLocalFile<T>(key: ContentHash, use: (path: string) => Promise<T>): Promise<T>;
  /** Lend several at once; `locate` knows those that were asked for. */
  withLocalFiles<T>(keys: readonly ContentHash[], use: UseLocalFiles<T>): Promise<T>;
  /** Read the blob through and compare: false when its bytes no longer match its key. */
  verify(key: ContentHash): Promise<boolean>;

  /** Keep an upload under a random key until it has been imported. */
  createUpload(source: AsyncIterable<Uint8Array>, limits: StoreLimits): Promise<UploadedFile>;
  /** A new folder in the upload area, for dropped folders. It is there once it has a file. */
  createUploadFolder(): UploadFolder;
  /** Keep blobs aside until it is known whether a row will name them. */
  stage(): StagedBlobs;
  /** Lend an upload while `use` runs. Throws NOT_FOUND. */
  withUpload<T>(key: string, use: (upload: Upload) => Promise<T>): Promise<T>;
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

export type UseLocalFiles<T> = (locate: (key: ContentHash) => string) => Promise<T>;

/** What was uploaded: one file as a local file, or the files of a folder. */
export type Upload =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "folder"; readonly files: AsyncIterable<UploadEntry> };

export type UploadEntry = {
  /** Below the dropped folder, with `/` between its parts. */
  readonly path: string;
  readonly sizeBytes: number;
  /** A fresh stream of the content; nothing is opened before it is read. */
  readonly open: () => Readable;
};

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
export interface StagedBlobs extends Pick<BlobStore, "putStream" | "putFile" | "withLocalFile"> {
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
