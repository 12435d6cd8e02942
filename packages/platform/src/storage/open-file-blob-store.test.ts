import { ContentHash, isAppError } from "@loupe/contracts";
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

import type { BlobStore } from "./blob-store.ts";
import { openFileBlobStore } from "./open-file-blob-store.ts";

let root: string;
let store: BlobStore;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "loupe-blobs-"));
  store = await openFileBlobStore(root);
});
afterEach(async () => rm(root, { recursive: true, force: true }));

const NO_LIMIT = { maxBytes: Number.MAX_SAFE_INTEGER };

async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

async function* breaking(): AsyncGenerator<Uint8Array> {
  yield Buffer.from("first half");
  throw new Error("the browser went away");
}

test("a blob is found under the SHA-256 of its bytes, however it was cut into chunks", async () => {
  const { sha256, sizeBytes } = await store.putStream(chunks("he", "", "llo"), NO_LIMIT);
  expect(sha256).toBe(createHash("sha256").update("hello").digest("hex"));
  expect(sizeBytes).toBe(5);
  expect(await store.has(sha256)).toBe(true);
  expect(await store.size(sha256)).toBe(5);
  expect(String(await store.readBytes(sha256))).toBe("hello");
  expect(await readFile(await store.path(sha256), "utf8")).toBe("hello");
  const read: Buffer[] = [];
  for await (const chunk of await store.openRead(sha256)) read.push(chunk as Buffer);
  expect(String(Buffer.concat(read))).toBe("hello");
});

test("the same content, also stored at the same time, is kept once", async () => {
  const keys = await Promise.all([
    store.putBytes(Buffer.from("twice")),
    store.putBytes(Buffer.from("twice")),
    store.putBytes(Buffer.from("twice")),
  ]);
  expect(new Set(keys).size).toBe(1);
  expect(await readdir(join(root, "sha256", String(keys[0]).slice(0, 2)))).toHaveLength(1);
  expect(await readdir(join(root, "temporary"))).toEqual([]);
});

test("an empty blob can be stored", async () => {
  expect(await store.size(await store.putBytes(new Uint8Array(0)))).toBe(0);
});

test("a stream that is too long is refused and leaves nothing", async () => {
  const refusal = await store
    .putStream(chunks("123", "456"), { maxBytes: 5 })
    .catch((e: unknown) => e);
  expect(isAppError(refusal) && refusal.code).toBe("TOO_LARGE");
  expect(await store.putStream(chunks("123", "45"), { maxBytes: 5 })).toMatchObject({
    sizeBytes: 5,
  });
  expect(await readdir(join(root, "temporary"))).toEqual([]);
});

test("a stream that breaks leaves nothing", async () => {
  await expect(store.putStream(breaking(), NO_LIMIT)).rejects.toThrow("went away");
  await expect(store.createUpload(breaking(), NO_LIMIT)).rejects.toThrow("went away");
  for (const area of ["temporary", "uploads", "sha256"]) {
    expect(await readdir(join(root, area))).toEqual([]);
  }
});

test("an absent blob is a missing file, and a key that is no hash cannot lead elsewhere", async () => {
  const absent = ContentHash.parse("0".repeat(64));
  expect(await store.has(absent)).toBe(false);
  for (const ask of ["size", "openRead", "readBytes", "path", "verify"] as const) {
    await expect(store[ask](absent)).rejects.toMatchObject({ code: "FILE_MISSING" });
  }
  expect(() => store.has("../../etc/passwd" as ContentHash)).toThrow();
});

test("a blob that the disk has spoiled does not verify", async () => {
  const key = await store.putBytes(Buffer.from("sound"));
  expect(await store.verify(key)).toBe(true);
  await writeFile(await store.path(key), "spoilt");
  expect(await store.verify(key)).toBe(false);
});

test("a file is copied into the store and stays where it was", async () => {
  const path = join(root, "model.bin");
  await writeFile(path, "weights");
  const { sha256 } = await store.putFile(path);
  expect(String(await store.readBytes(sha256))).toBe("weights");
  expect(await readFile(path, "utf8")).toBe("weights");
});

test("an upload is kept until it is deleted", async () => {
  const { key, sizeBytes } = await store.createUpload(chunks("zip"), NO_LIMIT);
  expect(sizeBytes).toBe(3);
  expect(await readFile(await store.uploadPath(key), "utf8")).toBe("zip");
  await store.deleteUpload(key);
  await store.deleteUpload(key);
  await expect(store.uploadPath(key)).rejects.toMatchObject({ code: "NOT_FOUND" });
  await expect(store.deleteUpload("../sha256")).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("a dropped folder keeps its layout and refuses paths that leave it", async () => {
  const folder = await store.createUploadFolder();
  await folder.add("part/train/good/a.png", chunks("abc"), NO_LIMIT);
  await folder.add("part/test/scratch/b.png", chunks("de"), NO_LIMIT);
  expect(folder.sizeBytes).toBe(5);
  const path = await store.uploadPath(folder.key);
  expect(await readFile(join(path, "part/train/good/a.png"), "utf8")).toBe("abc");
  for (const bad of ["../evil.png", "/etc/evil", "a/../../evil", "a\\..\\evil", ".", "a\0b"]) {
    await expect(folder.add(bad, chunks("x"), NO_LIMIT)).rejects.toMatchObject({
      code: "BAD_INPUT",
    });
  }
});

test("a dropped folder takes nothing twice, no file for a folder and no folder for a file", async () => {
  const folder = await store.createUploadFolder();
  await folder.add("part/a.png", chunks("abc"), NO_LIMIT);
  for (const bad of ["part/a.png", "part", "part/a.png/b.png", "part/a.png/b/c.png"]) {
    await expect(folder.add(bad, chunks("x"), NO_LIMIT)).rejects.toMatchObject({
      code: "BAD_INPUT",
    });
  }
  expect(folder.sizeBytes).toBe(3);
  expect(await readdir(join(root, "temporary"))).toEqual([]);
  const path = await store.uploadPath(folder.key);
  expect(await readFile(join(path, "part/a.png"), "utf8")).toBe("abc");
});

test("a file that cannot have its name leaves nothing", async () => {
  const { key } = await store.createUpload(chunks("zip"), NO_LIMIT);
  await store.deleteUpload(key);
  await rm(join(root, "uploads"), { recursive: true });
  await writeFile(join(root, "uploads"), "a file where the folder should be");
  await expect(store.createUpload(chunks("zip"), NO_LIMIT)).rejects.toThrow();
  expect(await readdir(join(root, "temporary"))).toEqual([]);
});

test("staged blobs come into the store when they are kept, and else leave nothing", async () => {
  const known = await store.putBytes(Buffer.from("known"));
  const staged = await store.stage();
  const [kept, again, other] = [
    await staged.putStream(chunks("kept"), NO_LIMIT),
    await staged.putStream(chunks("known"), NO_LIMIT),
    await staged.putStream(chunks("other"), NO_LIMIT),
  ];
  expect(await readFile(await staged.path(kept.sha256), "utf8")).toBe("kept");
  expect(await store.has(kept.sha256)).toBe(false);
  await staged.keep([kept.sha256, again.sha256, kept.sha256]);
  await staged.discard();
  expect(String(await store.readBytes(kept.sha256))).toBe("kept");
  expect(again.sha256).toBe(known);
  expect(String(await store.readBytes(known))).toBe("known");
  expect(await store.has(other.sha256)).toBe(false);
  for (const area of ["temporary", "uploads"]) expect(await readdir(join(root, area))).toEqual([]);
});

test("opening the store removes what a killed process left, and nothing that is being written", async () => {
  const old = join(root, "temporary", "old");
  const fresh = join(root, "temporary", "fresh");
  await writeFile(old, "half");
  await writeFile(fresh, "half");
  const yesterday = Date.now() / 1000 - 25 * 3600;
  await utimes(old, yesterday, yesterday);
  await openFileBlobStore(root);
  expect(await readdir(join(root, "temporary"))).toEqual(["fresh"]);
});

test("on a disk that is all but full nothing is taken in and nothing is left, while reading goes on", async () => {
  const kept = await store.putBytes(Buffer.from("kept"));
  let freeBytes = 0;
  const full = await openFileBlobStore(root, () => Promise.resolve({ freeBytes, totalBytes: 1e9 }));
  const folder = await full.createUploadFolder();
  const tries = [
    full.putBytes(Buffer.from("new")),
    full.createUpload(chunks("zip"), NO_LIMIT),
    folder.add("part/train/good/a.png", chunks("abc"), NO_LIMIT),
  ];
  for (const outcome of await Promise.allSettled(tries)) {
    expect(outcome).toMatchObject({ status: "rejected", reason: { code: "ENOSPC" } });
  }
  expect(await readdir(join(root, "temporary"))).toEqual([]);
  expect(await readdir(join(root, "uploads"))).toEqual([folder.key]);
  expect(await full.readBytes(kept)).toEqual(Buffer.from("kept"));

  // A disk that others fill meanwhile is noticed before a long upload has taken the last of it.
  freeBytes = 1e9;
  const long = (async function* () {
    for (let part = 0; part < 20; part++) {
      yield new Uint8Array(1024 ** 2);
      if (part === 2) freeBytes = 0;
      await Promise.resolve();
    }
  })();
  await expect(full.createUpload(long, { maxBytes: 1e9 })).rejects.toMatchObject({
    code: "ENOSPC",
  });
  expect(await readdir(join(root, "temporary"))).toEqual([]);
});

test("what is stored is its owner's alone", async () => {
  const key = await store.putBytes(Buffer.from("secret part"));
  const folder = await store.createUploadFolder();
  await folder.add("part/train/good/a.png", chunks("abc"), NO_LIMIT);
  await store.claim("a");
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const { mode } = await stat(join(entry.parentPath, entry.name));
    expect(mode & 0o777, entry.name).toBe(entry.isDirectory() ? 0o700 : 0o600);
  }
  expect(await store.has(key)).toBe(true);
});

const DAY_MS = 24 * 3600 * 1000;

async function makeOld(path: string): Promise<void> {
  const before = (Date.now() - 2 * DAY_MS) / 1000;
  await utimes(path, before, before);
}

test("a sweep removes blobs that are old and not in use, and nothing else", async () => {
  const [used, unused, young, again] = await Promise.all(
    ["used", "unused", "young", "again"].map((text) => store.putBytes(Buffer.from(text))),
  );
  for (const key of [used!, unused!, again!]) await makeOld(await store.path(key));
  // Whoever stores the same content again is about to name it.
  await store.putBytes(Buffer.from("again"));
  const asked: string[] = [];
  const swept = await store.sweepBlobs({
    olderThanMs: DAY_MS,
    findUsed: (keys) => {
      asked.push(...keys);
      return Promise.resolve(new Set([used!]));
    },
  });
  expect(swept).toEqual({ count: 1, sizeBytes: "unused".length });
  expect(asked.sort()).toEqual([used!, unused!].sort());
  const kept = [used!, unused!, young!, again!].map((key) => store.has(key));
  expect(await Promise.all(kept)).toEqual([true, false, true, true]);
});

test("a blob that is stored again while a sweep asks about it stays", async () => {
  const key = await store.putBytes(Buffer.from("late"));
  await makeOld(await store.path(key));
  const swept = await store.sweepBlobs({
    olderThanMs: DAY_MS,
    findUsed: async () => {
      await store.putBytes(Buffer.from("late"));
      return new Set();
    },
  });
  expect(swept.count).toBe(0);
  expect(await store.has(key)).toBe(true);
});

test("a sweep removes uploads that nobody will read, folders with all that is in them", async () => {
  const file = await store.createUpload(chunks("zip"), NO_LIMIT);
  const folder = await store.createUploadFolder();
  await folder.add("part/train/good/a.png", chunks("abc"), NO_LIMIT);
  const kept = await store.createUpload(chunks("kept"), NO_LIMIT);
  for (const { key } of [file, folder, kept]) await makeOld(await store.uploadPath(key));
  const findUsed = () => Promise.resolve(new Set([kept.key]));
  expect(await store.sweepUploads({ olderThanMs: DAY_MS, findUsed })).toMatchObject({ count: 2 });
  expect(await readdir(join(root, "uploads"))).toEqual([kept.key]);
});

test("a store is claimed once, also by several at the same time", async () => {
  expect(await store.claimant()).toBeNull();
  const other = await openFileBlobStore(root);
  const claimed = await Promise.all([store.claim("a"), other.claim("b"), store.claim("c")]);
  expect(new Set(claimed).size).toBe(1);
  expect(await other.claimant()).toBe(claimed[0]);
  expect(await store.claim("d")).toBe(claimed[0]);
});
