import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { deriveFile } from "./derive-file.ts";

let cacheFolder: string;
beforeAll(async () => {
  cacheFolder = await mkdtemp(join(tmpdir(), "loupe-derive-"));
});
afterAll(() => rm(cacheFolder, { recursive: true }));

test("makes a file once for callers that come together, and never again", async () => {
  let made = 0;
  const file = {
    cacheFolder,
    name: "a/b.txt",
    make: async (path: string) => {
      made++;
      await writeFile(path, "made");
    },
  };
  const paths = await Promise.all([deriveFile(file), deriveFile(file), deriveFile(file)]);
  paths.push(await deriveFile(file));
  expect(new Set(paths).size).toBe(1);
  expect(await readFile(paths[0], "utf8")).toBe("made");
  expect(made).toBe(1);
});

test("leaves nothing of a file that could not be made, and makes it when asked again", async () => {
  let isBroken = true;
  const file = {
    cacheFolder,
    name: "c/d.txt",
    make: async (path: string) => {
      await writeFile(path, "half");
      if (isBroken) throw new Error("the picture is damaged");
    },
  };
  await expect(deriveFile(file)).rejects.toThrow("damaged");
  expect(await readdir(join(cacheFolder, "c"))).toEqual([]);
  isBroken = false;
  await deriveFile(file);
  expect(await readdir(join(cacheFolder, "c"))).toEqual(["d.txt"]);
});

test("works on a few at a time", async () => {
  let running = 0;
  let most = 0;
  const make = async (path: string) => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await writeFile(path, "x");
    running--;
  };
  const names = Array.from({ length: 12 }, (_, i) => `many/${i}.txt`);
  await Promise.all(names.map((name) => deriveFile({ cacheFolder, name, make })));
  expect(most).toBe(2);
});
