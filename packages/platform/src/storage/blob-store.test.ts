import { ContentHash, isAppError } from "@loupe/contracts";
import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { openMemoryObjectStore } from "../testing/open-memory-object-store.ts";
import type { BlobStore, Upload } from "./blob-store.ts";
import { buildBlobStore } from "./build-blob-store.ts";
import type { ObjectStore } from "./object-store.ts";
import { openFileObjectStore } from "./open-file-object-store.ts";

let root: string;
beforeEach(async () => void (root = await mkdtemp(join(tmpdir(), "loupe-blobs-"))));
afterEach(async () => rm(root, { recursive: true, force: true }));

const DRIVERS: [name: string, open: () => Promise<ObjectStore>][] = [
  ["files of a folder", () => openFileObjectStore(join(root, "store"))],
  ["memory", () => Promise.resolve(openMemoryObjectStore())],
];

const NO_LIMIT = { maxBytes: Number.MAX_SAFE_INTEGER };
const EVERYTHING_IS_OLD = -60_000;

async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

async function* breaking(): AsyncGenerator<Uint8Array> {
  yield Buffer.from("first half");
  throw new Error("the browser went away");
}

/** The files of an upload by path; of one that is a single file, under the empty path. */
async function readUpload(upload: Upload): Promise<Record<string, string>> {
  if (upload.kind === "file") return { "": await readFile(upload.path, "utf8") };
  const files: Record<string, string> = {};
  for await (const entry of upload.files) {
    files[entry.path] = await text(entry.open());
    expect(entry.sizeBytes).toBe(Buffer.byteLength(files[entry.path] ?? ""));
  }
  return files;
}

describe.each(DRIVERS)("blobs on %s", (_name, open) => {
  let objects: ObjectStore;
  let store: BlobStore;
  beforeEach(async () => {
    objects = await open();
    store = buildBlobStore(objects);
  });

  async function namesBelow(area: string): Promise<string[]> {
    const names: string[] = [];
    for await (const { name } of objects.list(area)) names.push(name);
    return names.toSorted();
  }

  test("a blob is found under the SHA-256 of its bytes, however it was cut into chunks", async () => {
    const { sha256, sizeBytes } = await store.putStream(chunks("he", "", "llo"), NO_LIMIT);
    expect(sha256).toBe(createHash("sha256").update("hello").digest("hex"));
    expect(sizeBytes).toBe(5);
    expect(await store.has(sha256)).toBe(true);
    expect(await store.size(sha256)).toBe(5);
    expect(String(await store.readBytes(sha256))).toBe("hello");
    expect(String(await store.readBytes(sha256, { offset: 1, length: 3 }))).toBe("ell");
    expect(await text(await store.openRead(sha256))).toBe("hello");
    expect(await text(await store.openRead(sha256, { offset: 3, length: 9 }))).toBe("lo");
  });

  test("the same content, also stored at the same time, is kept once", async () => {
    const twice = () => store.putBytes(Buffer.from("twice"));
    const keys = new Set(await Promise.all([twice(), twice(), twice()]));
    const [key] = keys;
    expect(keys.size).toBe(1);
    expect(await namesBelow("sha256")).toEqual([`sha256/${key!.slice(0, 2)}/${key}`]);
  });

  test("an empty blob can be stored", async () => {
    expect(await store.size(await store.putBytes(new Uint8Array(0)))).toBe(0);
  });

  test("a stream that is too long is refused and leaves nothing", async () => {
    const refusal = await store
      .putStream(chunks("123", "456"), { maxBytes: 5 })
      .catch((e: unknown) => e);
    expect(isAppError(refusal) && refusal.code).toBe("TOO_LARGE");
    expect(await namesBelow("sha256")).toEqual([]);
    expect(await store.putStream(chunks("123", "45"), { maxBytes: 5 })).toMatchObject({
      sizeBytes: 5,
    });
  });

  test("a stream that breaks leaves nothing", async () => {
    await expect(store.putStream(breaking(), NO_LIMIT)).rejects.toThrow("went away");
    await expect(store.createUpload(breaking(), NO_LIMIT)).rejects.toThrow("went away");
    for (const area of ["uploads", "sha256"]) expect(await namesBelow(area)).toEqual([]);
  });

  test("an absent blob is a missing file, and a key that is no hash cannot lead elsewhere", async () => {
    const absent = ContentHash.parse("0".repeat(64));
    expect(await store.has(absent)).toBe(false);
    for (const ask of ["size", "openRead", "readBytes", "verify"] as const) {
      await expect(store[ask](absent)).rejects.toMatchObject({ code: "FILE_MISSING" });
    }
    const use = () => Promise.reject(new Error("must not be used"));
    const here = await store.putBytes(Buffer.from("here"));
    const lent = [store.withLocalFile(absent, use), store.withLocalFiles([here, absent], use)];
    for (const outcome of await Promise.allSettled(lent)) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { code: "FILE_MISSING" } });
    }
    expect(() => store.has("../../etc/passwd" as ContentHash)).toThrow();
  });

  test("a blob whose bytes are not those of its key does not verify", async () => {
    const key = await store.putBytes(Buffer.from("sound"));
    expect(await store.verify(key)).toBe(true);
    await objects.put(`sha256/${key.slice(0, 2)}/${key}`, chunks("spoilt"));
    expect(await store.verify(key)).toBe(false);
  });

  test("a file is copied into the store and stays where it was", async () => {
    const path = join(root, "model.bin");
    await writeFile(path, "weights");
    const { sha256 } = await store.putFile(path);
    expect(String(await store.readBytes(sha256))).toBe("weights");
    expect(await readFile(path, "utf8")).toBe("weights");
  });

  test("local files are lent while they are used, each once, and the blobs stay", async () => {
    const contents = Array.from({ length: 40 }, (_, at) => `content ${at}`);
    const keys = await Promise.all(contents.map((each) => store.putBytes(Buffer.from(each))));
    const read = await store.withLocalFiles([...keys, ...keys], async (locate) => {
      const other = ContentHash.parse("f".repeat(64));
      expect(() => locate(other)).toThrow("Expected a key that was asked for");
      return Promise.all(keys.map((key) => readFile(locate(key), "utf8")));
    });
    expect(read).toEqual(contents);
    const [first] = keys;
    await expect(
      store.withLocalFile(first!, async (path) => {
        expect(await readFile(path, "utf8")).toBe("content 0");
        throw new Error("the decoder fell over");
      }),
    ).rejects.toThrow("the decoder fell over");
    expect(await store.has(first!)).toBe(true);
  });

  test("an upload is kept until it is deleted", async () => {
    const { key, sizeBytes } = await store.createUpload(chunks("zip"), NO_LIMIT);
    expect(sizeBytes).toBe(3);
    expect(await store.withUpload(key, readUpload)).toEqual({ "": "zip" });
    await store.deleteUpload(key);
    await store.deleteUpload(key);
    await expect(store.withUpload(key, readUpload)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(store.deleteUpload("../sha256")).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(store.withUpload("../sha256", readUpload)).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });

  test("a dropped folder keeps its layout and refuses paths that leave it", async () => {
    const folder = store.createUploadFolder();
    await folder.add("part/train/good/a.png", chunks("abc"), NO_LIMIT);
    await folder.add("part/test/scratch/b.png", chunks("de"), NO_LIMIT);
    expect(folder.sizeBytes).toBe(5);
    for (const bad of ["../evil.png", "/etc/evil", "a/../../evil", "a\\..\\evil", ".", "a\0b"]) {
      await expect(folder.add(bad, chunks("x"), NO_LIMIT)).rejects.toMatchObject({
        code: "BAD_INPUT",
      });
    }
    expect(await store.withUpload(folder.key, readUpload)).toEqual({
      "part/train/good/a.png": "abc",
      "part/test/scratch/b.png": "de",
    });
    await store.deleteUpload(folder.key);
    expect(await namesBelow("uploads")).toEqual([]);
  });

  test("a dropped folder takes nothing twice, no file for a folder and no folder for a file", async () => {
    const folder = store.createUploadFolder();
    await folder.add("part/a.png", chunks("abc"), NO_LIMIT);
    for (const bad of ["part/a.png", "part", "part/a.png/b.png", "part/a.png/b/c.png"]) {
      await expect(folder.add(bad, chunks("x"), NO_LIMIT)).rejects.toMatchObject({
        code: "BAD_INPUT",
      });
    }
    expect(folder.sizeBytes).toBe(3);
    expect(await store.withUpload(folder.key, readUpload)).toEqual({ "part/a.png": "abc" });
  });

  test("staged blobs come into the store when they are kept, and else leave nothing", async () => {
    const known = await store.putBytes(Buffer.from("known"));
    const staged = store.stage();
    const [kept, again, other] = [
      await staged.putStream(chunks("kept"), NO_LIMIT),
      await staged.putStream(chunks("known"), NO_LIMIT),
      await staged.putStream(chunks("other"), NO_LIMIT),
    ];
    expect(await staged.putStream(chunks("ke", "pt"), NO_LIMIT)).toEqual(kept);
    const read = (path: string) => readFile(path, "utf8");
    expect(await staged.withLocalFile(kept.sha256, read)).toBe("kept");
    await expect(staged.withLocalFile(ContentHash.parse("0".repeat(64)), read)).rejects.toThrow(
      "staged here",
    );
    expect(await store.has(kept.sha256)).toBe(false);
    await staged.keep([kept.sha256, again.sha256, kept.sha256]);
    // A transaction that is tried again keeps them again.
    await staged.keep([kept.sha256, again.sha256]);
    await staged.discard();
    expect(String(await store.readBytes(kept.sha256))).toBe("kept");
    expect(again.sha256).toBe(known);
    expect(String(await store.readBytes(known))).toBe("known");
    expect(await store.has(other.sha256)).toBe(false);
    expect(await namesBelow("uploads")).toEqual([]);
  });

  test("a sweep removes what is old and not in use: blobs, uploads and folders as a whole", async () => {
    const [used, unused] = await Promise.all(
      ["used", "unused"].map((each) => store.putBytes(Buffer.from(each))),
    );
    const file = await store.createUpload(chunks("zip"), NO_LIMIT);
    const folder = store.createUploadFolder();
    await folder.add("part/train/good/a.png", chunks("abc"), NO_LIMIT);
    await folder.add("part/train/good/b.png", chunks("de"), NO_LIMIT);
    const kept = await store.createUpload(chunks("kept"), NO_LIMIT);

    const asked: string[] = [];
    const findUsed = (keys: readonly string[]) => {
      asked.push(...keys);
      return Promise.resolve(new Set([used!, kept.key]));
    };
    const young = { olderThanMs: 3_600_000, findUsed };
    expect(await store.sweepBlobs(young)).toEqual({ count: 0, sizeBytes: 0 });
    expect(await store.sweepUploads(young)).toEqual({ count: 0, sizeBytes: 0 });
    expect(asked).toEqual([]);

    const sweep = { olderThanMs: EVERYTHING_IS_OLD, findUsed };
    expect(await store.sweepBlobs(sweep)).toEqual({ count: 1, sizeBytes: "unused".length });
    expect(await store.sweepUploads(sweep)).toEqual({ count: 2, sizeBytes: "zipabcde".length });
    expect(asked.toSorted()).toEqual([used!, unused!, file.key, folder.key, kept.key].toSorted());
    expect(await Promise.all([used!, unused!].map((key) => store.has(key)))).toEqual([true, false]);
    expect(await namesBelow("uploads")).toEqual([`uploads/${kept.key}`]);
  });

  test("a store is claimed once, also by several at the same time", async () => {
    expect(await store.claimant()).toBeNull();
    const other = buildBlobStore(objects);
    const claimed = await Promise.all([store.claim("a"), other.claim("b"), store.claim("c")]);
    expect(new Set(claimed).size).toBe(1);
    expect(await other.claimant()).toBe(claimed[0]);
    expect(await store.claim("d")).toBe(claimed[0]);
  });
});

test("a sweep asks about many blobs in parts", async () => {
  const store = buildBlobStore(openMemoryObjectStore());
  for (let at = 0; at < 502; at++) await store.putBytes(Buffer.from(String(at)));
  const parts: number[] = [];
  const findUsed = (keys: readonly string[]) => {
    parts.push(keys.length);
    return Promise.resolve(new Set<string>());
  };
  const sweep = { olderThanMs: EVERYTHING_IS_OLD, findUsed };
  expect((await store.sweepBlobs(sweep)).count).toBe(502);
  expect(parts).toEqual([500, 2]);
  expect((await store.sweepBlobs(sweep)).count).toBe(0);
});
