import type { ContentHash } from "@loupe/contracts";
import { createHash, randomUUID } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
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

/** Where blobs have always been. */
const pathOf = (key: string) => join(root, "sha256", key.slice(0, 2), key);

async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

async function* breaking(): AsyncGenerator<Uint8Array> {
  yield Buffer.from("first half");
  throw new Error("the browser went away");
}

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

test("a stream that breaks leaves nothing", async () => {
  await expect(store.putStream(breaking(), NO_LIMIT)).rejects.toThrow("went away");
  await expect(store.createUpload(breaking(), NO_LIMIT)).rejects.toThrow("went away");
  for (const area of ["temporary", "uploads", "sha256"]) {
    expect(await readdir(join(root, area))).toEqual([]);
  }
});

test("what earlier versions laid out is found, and what is stored now lies where they look", async () => {
  const key = createHash("sha256").update("picture").digest("hex") as ContentHash;
  const [zip, folder] = [randomUUID(), randomUUID()];
  const files = {
    [pathOf(key)]: "picture",
    [join(root, "uploads", zip)]: "zip",
    [join(root, "uploads", folder, "part/train/good/a.png")]: "a",
    [join(root, "claimed-by")]: "this database",
  };
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
  const opened = await openFileBlobStore(root);
  expect(String(await opened.readBytes(key))).toBe("picture");
  await opened.withLocalFile(key, (path) => {
    expect(path).toBe(pathOf(key));
    return Promise.resolve();
  });
  expect(await opened.claim("another database")).toBe("this database");
  await opened.withUpload(zip, async (upload) => {
    expect(upload.kind === "file" && (await readFile(upload.path, "utf8"))).toBe("zip");
  });
  await opened.withUpload(folder, async (upload) => {
    if (upload.kind !== "folder") throw new Error("Expected a folder");
    for await (const { path, open } of upload.files) {
      expect([path, await text(open())]).toEqual(["part/train/good/a.png", "a"]);
    }
  });

  const stored = await opened.putBytes(Buffer.from("new"));
  expect(await readFile(pathOf(stored), "utf8")).toBe("new");
  const { key: upload } = await opened.createUpload(chunks("zip"), NO_LIMIT);
  expect(await readFile(join(root, "uploads", upload), "utf8")).toBe("zip");
  const dropped = opened.createUploadFolder();
  await dropped.add("part/train/good/b.png", chunks("b"), NO_LIMIT);
  expect(await readFile(join(root, "uploads", dropped.key, "part/train/good/b.png"), "utf8")).toBe(
    "b",
  );
});

test("neither what was staged nor what came second to a name leaves a file", async () => {
  const staged = store.stage();
  for (const each of ["a", "b", "a"]) await staged.putStream(chunks(each), NO_LIMIT);
  expect(await readdir(join(root, "temporary"))).toHaveLength(2);
  await staged.discard();
  await Promise.all([store.claim("a"), store.claim("b")]);
  expect(await readdir(join(root, "temporary"))).toEqual([]);
  expect((await readdir(root)).toSorted()).toEqual([
    "claimed-by",
    "sha256",
    "temporary",
    "uploads",
  ]);
});

test("a file that cannot have its name leaves nothing", async () => {
  const { key } = await store.createUpload(chunks("zip"), NO_LIMIT);
  await store.deleteUpload(key);
  await rm(join(root, "uploads"), { recursive: true });
  await writeFile(join(root, "uploads"), "a file where the folder should be");
  await expect(store.createUpload(chunks("zip"), NO_LIMIT)).rejects.toThrow();
  expect(await readdir(join(root, "temporary"))).toEqual([]);
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
  const folder = full.createUploadFolder();
  const tries = [
    full.putBytes(Buffer.from("new")),
    full.createUpload(chunks("zip"), NO_LIMIT),
    folder.add("part/train/good/a.png", chunks("abc"), NO_LIMIT),
  ];
  for (const outcome of await Promise.allSettled(tries)) {
    expect(outcome).toMatchObject({ status: "rejected", reason: { code: "ENOSPC" } });
  }
  expect(await readdir(join(root, "temporary"))).toEqual([]);
  expect(await readdir(join(root, "uploads"))).toEqual([]);
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
  const folder = store.createUploadFolder();
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
  for (const key of [used!, unused!, again!]) await makeOld(pathOf(key));
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
  await makeOld(pathOf(key));
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

test("an upload is as old as its newest file", async () => {
  const folder = store.createUploadFolder();
  await folder.add("part/a.png", chunks("a"), NO_LIMIT);
  await folder.add("part/b.png", chunks("b"), NO_LIMIT);
  const path = join(root, "uploads", folder.key);
  const sweep = { olderThanMs: DAY_MS, findUsed: () => Promise.resolve(new Set<string>()) };
  await makeOld(join(path, "part/a.png"));
  await makeOld(path);
  expect(await store.sweepUploads(sweep)).toEqual({ count: 0, sizeBytes: 0 });
  await makeOld(join(path, "part/b.png"));
  expect(await store.sweepUploads(sweep)).toEqual({ count: 1, sizeBytes: 2 });
  expect(await readdir(join(root, "uploads"))).toEqual([]);
});
