import type { Readable } from "node:stream";

export type ObjectHead = {
  readonly sizeBytes: number;
  /** When it was stored or renewed. */
  readonly storedAt: Date;
};

export type ListedObject = ObjectHead & { readonly name: string };

/** Part of an object. It ends with the object where that is shorter; behind its end it is empty. */
export type ByteRange = {
  readonly offset: number;
  /** At least 1. */
  readonly length: number;
};

/** A file on this machine with an object's content, for tools that want one. Never write to it. */
export type LocalFile = {
  readonly path: string;
  /** The file is not needed any more; twice is no error. */
  release(): Promise<void>;
};

/** A complete object that has no name yet. Keep it or discard it. */
export interface ObjectDraft {
  /** The content as a local file, until the draft is kept or discarded. */
  lend(): Promise<LocalFile>;
  /**
   * Give it its name, in one step that a crash cannot halve; what had the name before is replaced.
   *
   * With `ifAbsent` the first of several keeps the name: false for the others, whose drafts are
   * gone. Throws UnfitObjectName, and whatever it throws, the draft is gone.
   */
  keep(name: string, condition?: { readonly ifAbsent: boolean }): Promise<boolean>;
  /** Twice, and after it was kept, is no error. */
  discard(): Promise<void>;
}

/**
 * What Loupe wants of a place where files are kept: a folder, or a service.
 *
 * Names are like `sha256/ab/abcd`: parts between slashes, none of them empty, `.` or `..`. Nobody
 * stores one object below another. An object is complete or absent, also after a
 * crash in the middle of a write, and is never changed, only replaced. `object-store.test.ts` says
 * the same in code; each driver passes it.
 *
 * Content addressing, limits, uploads and sweeping are written once, above this.
 */
export interface ObjectStore {
  /** Write a stream where nobody finds it yet. One that fails on the way leaves nothing. */
  draft(source: AsyncIterable<Uint8Array>): Promise<ObjectDraft>;
  /** Write a stream under a name; what had the name before is replaced. */
  put(name: string, source: AsyncIterable<Uint8Array>): Promise<void>;
  /** Null when it is absent. */
  get(name: string, range?: ByteRange): Promise<Readable | null>;
  /** Null when it is absent. */
  head(name: string): Promise<ObjectHead | null>;
  /** Everything below a name, in no order. What comes or goes meanwhile may be left out. */
  list(below: string): AsyncIterable<ListedObject>;
  /** Begin its age anew; false when it is absent. */
  renew(name: string): Promise<boolean>;
  /** Removing what is gone already is no error. */
  delete(name: string): Promise<void>;
  /** Remove the object of a name and everything below it. */
  deleteTree(name: string): Promise<void>;
  /** The driver's own file, or a copy that goes when it is released. Null when it is absent. */
  lend(name: string): Promise<LocalFile | null>;
}

/** The place cannot hold an object of this name beside what is there. */
export class UnfitObjectName extends Error {
  override readonly name = "UnfitObjectName";
}

/** The parts of an object's name. Throws for a name that could lead elsewhere. */
export function splitObjectName(name: string): string[] {
  const parts = name.split("/");
  if (parts.some((part) => part === "" || part === "." || part === ".." || part.includes("\0"))) {
    throw new Error(
      `Expected an object's name such as sha256/ab/abcd, got ${JSON.stringify(name)}.`,
    );
  }
  return parts;
}
