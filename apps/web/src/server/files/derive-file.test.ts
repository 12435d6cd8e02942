import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { deriveFile } from "./derive-file.ts";

let cacheFolder: string;
beforeAll(async () => {
  cacheFolder = await mkdtemp(join(tmpdir(), "loupe-derive-"));
});
afterAll(() => rm(cacheFolder, { recursive: true }));

const { signal } = new AbortController();
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

test("makes a file once for callers that come together, and never again", async () => {
  let made = 0;
  const make = () => {
    made++;
    return Promise.resolve(Buffer.from("made"));
  };
  const file = { cacheFolder, signal, name: "a/b.txt", make };
  const all = await Promise.all([deriveFile(file), deriveFile(file), deriveFile(file)]);
  all.push(await deriveFile(file));
  expect(all.map(text)).toEqual(["made", "made", "made", "made"]);
  expect(made).toBe(1);
});

test("leaves nothing of a file that could not be made, and makes it when asked again", async () => {
  let isBroken = true;
  const make = () =>
    isBroken
      ? Promise.reject(new Error("the picture is damaged"))
      : Promise.resolve(Buffer.from("whole"));
  const file = { cacheFolder, signal, name: "c/d.txt", make };
  await expect(deriveFile(file)).rejects.toThrow("damaged");
  isBroken = false;
  expect(text(await deriveFile(file))).toBe("whole");
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
    make: async (given: AbortSignal) => {
      stop = given;
      await new Promise<void>((resolve, reject) => {
        isDone = resolve;
        given.addEventListener("abort", () => reject(new Error("given up")));
      });
      return Buffer.from("made");
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
  expect(text(await again)).toBe("made");
});

test("is answered also where nothing can be kept", async () => {
  const notAFolder = join(cacheFolder, "file");
  await writeFile(notAFolder, "in the way");
  const make = () => Promise.resolve(Buffer.from("made"));
  const file = { cacheFolder: notAFolder, signal, name: "full/e.txt", make };
  expect(text(await deriveFile(file))).toBe("made");
  expect(text(await deriveFile(file))).toBe("made");
});
