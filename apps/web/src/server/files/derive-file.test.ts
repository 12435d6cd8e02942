import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { deriveFile } from "./derive-file.ts";

/** Of a caller who stays. */
const { signal } = new AbortController();

let cacheFolder: string;
beforeAll(async () => {
  cacheFolder = await mkdtemp(join(tmpdir(), "loupe-derive-"));
});
afterAll(() => rm(cacheFolder, { recursive: true }));

test("makes a file once for callers that come together, and never again", async () => {
  let made = 0;
  const file = {
    cacheFolder,
    signal,
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
    signal,
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

test("is given up when the last of its callers is gone, and only then", async () => {
  const [first, second] = [new AbortController(), new AbortController()];
  let stop: AbortSignal | null = null;
  let isDone = () => {};
  const file = (caller: AbortController) => ({
    cacheFolder,
    name: "e/f.txt",
    signal: caller.signal,
    make: async (path: string, given: AbortSignal) => {
      stop = given;
      await writeFile(path, "half");
      await new Promise<void>((resolve, reject) => {
        isDone = resolve;
        given.addEventListener("abort", () => reject(new Error("given up")));
      });
    },
  });
  const one = deriveFile(file(first));
  const other = deriveFile(file(second));
  while (stop === null) await new Promise((resolve) => setTimeout(resolve, 2));
  first.abort(new Error("went away"));
  await expect(one).rejects.toThrow("went away");
  expect(stop).toMatchObject({ aborted: false });
  second.abort(new Error("went away, too"));
  await expect(other).rejects.toThrow("went away, too");
  expect(stop).toMatchObject({ aborted: true });

  stop = null;
  const again = deriveFile(file(new AbortController()));
  while (stop === null) await new Promise((resolve) => setTimeout(resolve, 2));
  isDone();
  expect(await readFile(await again, "utf8")).toBe("half");
});
