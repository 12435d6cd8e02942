import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { afterAll, beforeEach, describe, expect, test } from "vitest";

import { openMemoryObjectStore } from "../testing/open-memory-object-store.ts";
import type { ListedObject, ObjectStore } from "./object-store.ts";
import { openFileObjectStore } from "./open-file-object-store.ts";

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

async function inANewFolder(): Promise<ObjectStore> {
  const folder = await mkdtemp(join(tmpdir(), "loupe-objects-"));
  folders.push(folder);
  return openFileObjectStore(folder);
}

/** What every driver has to pass: a new one is a line here. */
const DRIVERS: [name: string, open: () => Promise<ObjectStore>][] = [
  ["files of a folder", inANewFolder],
  ["memory", () => Promise.resolve(openMemoryObjectStore())],
];

const streamOf = (content: string) => Readable.from([Buffer.from(content)]);

async function* breaking(): AsyncGenerator<Uint8Array> {
  yield Buffer.from("first half");
  await Promise.resolve();
  throw new Error("the line broke");
}

describe.each(DRIVERS)("objects kept in %s", (_name, open) => {
  let store: ObjectStore;
  beforeEach(async () => void (store = await open()));

  const contentOf = async (name: string, offset?: number, length = 1): Promise<string | null> => {
    const stream = await store.get(name, offset === undefined ? undefined : { offset, length });
    return stream === null ? null : text(stream);
  };

  async function listed(below: string): Promise<ListedObject[]> {
    const found: ListedObject[] = [];
    for await (const object of store.list(below)) found.push(object);
    return found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }
  const namesBelow = async (below: string) => (await listed(below)).map(({ name }) => name);

  test("what is put is there under its name, whole, and replaces what was", async () => {
    await store.put("a/b/c.txt", streamOf("first"));
    expect(await contentOf("a/b/c.txt")).toBe("first");
    await store.put("a/b/c.txt", streamOf("second one"));
    expect(await contentOf("a/b/c.txt")).toBe("second one");
    expect(await store.head("a/b/c.txt")).toMatchObject({ sizeBytes: 10 });
    await store.put("alone", streamOf(""));
    expect(await contentOf("alone")).toBe("");
    expect(await store.head("alone")).toMatchObject({ sizeBytes: 0 });
  });

  test("bytes come back as they were, however they were cut", async () => {
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 31) % 251));
    const cuts = [0, 1, 2, 65_536, 65_537, 299_999, 300_000];
    const parts = cuts.slice(1).map((end, at) => bytes.subarray(cuts[at], end));
    await store.put("large", Readable.from(parts));
    expect((await buffer((await store.get("large"))!)).equals(bytes)).toBe(true);
    const middle = await buffer((await store.get("large", { offset: 65_530, length: 20 }))!);
    expect(middle.equals(bytes.subarray(65_530, 65_550))).toBe(true);
  });

  test.each([
    { offset: 0, length: 3, content: "012" },
    { offset: 4, length: 1, content: "4" },
    { offset: 7, length: 100, content: "789" },
    { offset: 0, length: 10, content: "0123456789" },
    { offset: 10, length: 1, content: "" },
    { offset: 50, length: 5, content: "" },
  ])("$length bytes from $offset on are $content", async ({ offset, length, content }) => {
    await store.put("digits", streamOf("0123456789"));
    expect(await contentOf("digits", offset, length)).toBe(content);
  });

  test("what is absent is null, and so is what only others begin with", async () => {
    await store.put("a/b/c", streamOf("c"));
    for (const name of ["a", "a/b", "a/b/d", "a/b/c/d", "nothing"]) {
      expect(await store.get(name), name).toBeNull();
      expect(await store.head(name), name).toBeNull();
      expect(await store.lend(name), name).toBeNull();
      expect(await store.renew(name), name).toBe(false);
    }
  });

  test("a stream that breaks leaves neither the new nor harms the old", async () => {
    await store.put("kept/old", streamOf("old"));
    await expect(store.put("kept/old", breaking())).rejects.toThrow("the line broke");
    await expect(store.put("kept/new", breaking())).rejects.toThrow("the line broke");
    expect(await contentOf("kept/old")).toBe("old");
    expect(await namesBelow("kept")).toEqual(["kept/old"]);
  });

  test("a draft is found by nobody until it is kept, and never once it is discarded", async () => {
    const draft = await store.draft(streamOf("draft"));
    const lent = await draft.lend();
    expect(await readFile(lent.path, "utf8")).toBe("draft");
    await lent.release();
    expect(await store.head("area/a")).toBeNull();
    expect(await draft.keep("area/a")).toBe(true);
    await draft.discard();
    expect(await contentOf("area/a")).toBe("draft");
    const other = await store.draft(streamOf("other"));
    await other.discard();
    await other.discard();
    expect(await namesBelow("area")).toEqual(["area/a"]);
  });

  test("of several drafts that want a name which is free, one has it", async () => {
    const drafts = await Promise.all(["a", "b", "c"].map((one) => store.draft(streamOf(one))));
    const kept = await Promise.all(drafts.map((draft) => draft.keep("mine", { ifAbsent: true })));
    expect(kept.filter(Boolean)).toEqual([true]);
    expect(await contentOf("mine")).toBe(["a", "b", "c"][kept.indexOf(true)]);
    const late = await store.draft(streamOf("late"));
    expect(await late.keep("mine", { ifAbsent: true })).toBe(false);
  });

  test("a list names what lies below, with sizes and times, and nothing beside it", async () => {
    const before = Date.now();
    for (const name of ["up/1/a.png", "up/1/deep/er/b.png", "up/2", "upper/3", "other"]) {
      await store.put(name, streamOf(name));
    }
    const found = await listed("up");
    expect(found.map(({ name }) => name)).toEqual(["up/1/a.png", "up/1/deep/er/b.png", "up/2"]);
    expect(found.map(({ sizeBytes }) => sizeBytes)).toEqual([10, 18, 4]);
    for (const { name, storedAt } of found) {
      expect((await store.head(name))?.storedAt).toEqual(storedAt);
      // Clocks of file systems tick coarsely.
      expect(storedAt.getTime()).toBeGreaterThan(before - 5_000);
    }
    expect(await namesBelow("up/1/deep")).toEqual(["up/1/deep/er/b.png"]);
    expect(await namesBelow("nowhere")).toEqual([]);
    expect(await namesBelow("other")).toEqual([]);
  });

  test("what is listed can be removed on the way", async () => {
    for (const at of [1, 2, 3, 4]) await store.put(`all/${at}/x`, streamOf("x"));
    for await (const { name } of store.list("all")) await store.delete(name);
    expect(await namesBelow("all")).toEqual([]);
  });

  test("renewing makes an object younger and leaves its content", async () => {
    await store.put("one", streamOf("content"));
    const before = (await store.head("one"))!.storedAt.getTime();
    expect(await store.renew("one")).toBe(true);
    expect((await store.head("one"))!.storedAt.getTime()).toBeGreaterThanOrEqual(before);
    expect(await contentOf("one")).toBe("content");
  });

  test("what is deleted is gone, alone or with what lies below, and twice is no error", async () => {
    for (const name of ["t/a", "t/b/c", "t/b/d/e", "tt/a"]) await store.put(name, streamOf("x"));
    await store.delete("t/a");
    await store.delete("t/a");
    await store.delete("t/b/c/none");
    expect(await namesBelow("t")).toEqual(["t/b/c", "t/b/d/e"]);
    await store.deleteTree("t/b");
    await store.deleteTree("t/b");
    expect(await namesBelow("t")).toEqual([]);
    await store.deleteTree("tt/a");
    expect(await store.head("tt/a")).toBeNull();
  });

  test("a name that others begin with cannot be deleted as if it were one", async () => {
    await store.put("t/b/c", streamOf("x"));
    await store.delete("t/b");
    expect(await namesBelow("t")).toEqual(["t/b/c"]);
  });

  test("a lent file has the content, and the object stays when it is released", async () => {
    await store.put("lent", streamOf("content"));
    const [one, two] = [await store.lend("lent"), await store.lend("lent")];
    expect(await readFile(one!.path, "utf8")).toBe("content");
    await one!.release();
    await one!.release();
    expect(await readFile(two!.path, "utf8")).toBe("content");
    await two!.release();
    expect(await contentOf("lent")).toBe("content");
  });

  test.each(["", "/etc/passwd", "a//b", "a/", "../a", "a/../../b", "a/.", "a\0b"])(
    "the name %j is refused wherever one is taken",
    async (name) => {
      const draft = await store.draft(streamOf("x"));
      const uses = [
        () => store.put(name, streamOf("x")),
        () => store.get(name),
        () => store.head(name),
        () => listed(name),
        () => store.renew(name),
        () => store.delete(name),
        () => store.deleteTree(name),
        () => store.lend(name),
        () => draft.keep(name),
      ];
      for (const use of uses) {
        await expect((async () => use())()).rejects.toThrow("Expected an object's name");
      }
      await draft.discard();
    },
  );
});
