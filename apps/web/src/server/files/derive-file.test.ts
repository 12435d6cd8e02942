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

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

test("makes a file once for callers that come together, and never again", async () => {
  let made = 0;
  const make = () => {
    made++;
    return Promise.resolve(Buffer.from("made"));
  };
  const file = { cacheFolder, name: "a/b.txt", make };
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
  const file = { cacheFolder, name: "c/d.txt", make };
  await expect(deriveFile(file)).rejects.toThrow("damaged");
  isBroken = false;
  expect(text(await deriveFile(file))).toBe("whole");
  expect(await readdir(join(cacheFolder, "c"))).toEqual(["d.txt"]);
});

test("works on a few at a time", async () => {
  let running = 0;
  let most = 0;
  const make = async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 5));
    running--;
    return Buffer.from("x");
  };
  const names = Array.from({ length: 12 }, (_, i) => `many/${i}.txt`);
  await Promise.all(names.map((name) => deriveFile({ cacheFolder, name, make })));
  expect(most).toBe(2);
});

test("is answered also where nothing can be kept", async () => {
  const notAFolder = join(cacheFolder, "file");
  await writeFile(notAFolder, "in the way");
  const make = () => Promise.resolve(Buffer.from("made"));
  const file = { cacheFolder: notAFolder, name: "full/e.txt", make };
  expect(text(await deriveFile(file))).toBe("made");
  expect(text(await deriveFile(file))).toBe("made");
});
