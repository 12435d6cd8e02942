import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { scanDataset } from "./scan-dataset.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "loupe-links-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function files(...names: string[]): Promise<void> {
  for (const name of names) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), "");
  }
}

async function names(path: string): Promise<string[]> {
  const categories = await scanDataset(join(folder, path));
  return categories.flatMap(({ train, test }) => [...train, ...test].map(({ id }) => id));
}

test("linked categories, folders and pictures count as what they lead to", async () => {
  await files("store/cap/train/good/1.png", "store/cap/test/good/2.png", "store/scratch/3.png");
  await mkdir(join(folder, "data/nut/train"), { recursive: true });
  await symlink(join(folder, "store/cap"), join(folder, "data/cap"));
  await symlink(join(folder, "store/cap/train/good"), join(folder, "data/nut/train/good"));
  await symlink(join(folder, "store/scratch"), join(folder, "store/cap/test/scratch"));
  await symlink(join(folder, "store/scratch/3.png"), join(folder, "store/cap/test/good/4.png"));
  expect(await names("data")).toEqual([
    "cap/train/good/1.png",
    "cap/test/good/2.png",
    "cap/test/good/4.png",
    "cap/test/scratch/3.png",
    "nut/train/good/1.png",
  ]);
  expect(await names("data/cap")).toHaveLength(4);
});

test("a folder under two names counts once, under its own", async () => {
  await files("data/cap/train/good/1.png", "data/cap/test/good/2.png");
  await symlink(join(folder, "data/cap"), join(folder, "data/again"));
  await symlink(join(folder, "data/cap/test/good"), join(folder, "data/cap/test/bad"));
  expect(await names("data")).toEqual(["cap/train/good/1.png", "cap/test/good/2.png"]);
});

test("links in a circle and links that lead nowhere end nothing", async () => {
  await files("data/cap/train/good/1.png");
  await symlink(join(folder, "data"), join(folder, "data/up"));
  await symlink(join(folder, "data/cap"), join(folder, "data/cap/train/itself"));
  await symlink(join(folder, "data/two"), join(folder, "data/one"));
  await symlink(join(folder, "data/one"), join(folder, "data/two"));
  await symlink(join(folder, "none"), join(folder, "data/gone"));
  expect(await names("data")).toEqual(["cap/train/good/1.png"]);
});

test("what is no data set is told what was found instead", async () => {
  await files("data/notes.txt", "data/bottles/1.png");
  await symlink(join(folder, "none"), join(folder, "data/cap"));
  await expect(scanDataset(join(folder, "data"))).rejects.toThrow(
    /got the folders bottles without train\/ or test\/ and the files notes\.txt and links that lead nowhere \(cap\)\. Point at/,
  );
  await mkdir(join(folder, "empty"));
  await expect(scanDataset(join(folder, "empty"))).rejects.toThrow("got an empty folder.");
  await files(...Array.from({ length: 9 }, (_, at) => `many/${at}.png`));
  await expect(scanDataset(join(folder, "many"))).rejects.toThrow(
    "got the files 0.png, 1.png, 2.png, 3.png, 4.png and 4 more.",
  );
});
