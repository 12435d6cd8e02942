import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { readCorpus } from "./read-corpus.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "loupe-corpus-"));
});
afterEach(() => rm(folder, { recursive: true }));

test("a folder gives its pictures at any depth, sorted", async () => {
  await mkdir(join(folder, "b"));
  for (const name of ["z.jpg", "b/a.PNG", "b/notes.txt", "c.webp"]) {
    await writeFile(join(folder, name), "");
  }
  expect(await readCorpus(folder)).toEqual(
    ["b/a.PNG", "c.webp", "z.jpg"].map((name) => join(folder, name)),
  );
});

test("links to folders are followed, and a circle of them ends", async () => {
  const [store, corpus] = [join(folder, "store"), join(folder, "corpus")];
  await mkdir(store);
  await mkdir(corpus);
  await writeFile(join(store, "a.png"), "");
  await symlink(store, join(corpus, "linked"));
  await symlink(corpus, join(store, "back"));
  expect(await readCorpus(corpus)).toEqual([join(corpus, "linked", "a.png")]);
});

test("a list gives its lines relative to itself; a line that comes twice counts twice", async () => {
  const list = join(folder, "corpus.txt");
  await writeFile(list, "# textures\na/b.png\n\n../c.png\na/b.png\n");
  const [first, second, third] = await readCorpus(list);
  expect(first).toBe(join(folder, "a/b.png"));
  expect(second).toBe(join(folder, "..", "c.png"));
  expect(third).toBe(first);
});

test("a corpus that is missing or empty is one clear sentence", async () => {
  await expect(readCorpus(join(folder, "none"))).rejects.toThrow(/none is not there\.$/);
  await expect(readCorpus(folder)).rejects.toThrow("Expected JPEG, PNG or WebP images");
});
