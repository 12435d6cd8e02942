import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import sharp from "sharp";
import { afterEach, beforeEach, expect, test } from "vitest";

import { estimateDecoding } from "./estimate-decoding.ts";
import { PictureGate } from "./picture-gate.ts";

const SIDE = 200;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "loupe-gate-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function plain(channels: 3 | 4 = 3) {
  return sharp({ create: { width: SIDE, height: SIDE, channels, background: "#445566" } });
}

async function fileOf(bytes: Uint8Array): Promise<string> {
  const path = join(folder, crypto.randomUUID());
  await writeFile(path, bytes);
  return path;
}

/** Work that ends when it is told to. */
function heldWork() {
  let end = () => {};
  const ended = new Promise<void>((resolve) => (end = resolve));
  const work = { hasBegun: false, end, run: () => ((work.hasBegun = true), ended) };
  return work;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}

test("an interlaced picture holds all of its pixels, a plain one a strip", async () => {
  const tall = sharp({ create: { width: 10, height: 20_000, channels: 3, background: "red" } });
  const strips = await fileOf(await tall.clone().png().toBuffer());
  expect(await estimateDecoding(strips)).toMatchObject({ heldWhole: null, bytes: 10 * 3 * 512 });
  const adam7 = await fileOf(await tall.clone().png({ progressive: true }).toBuffer());
  expect(await estimateDecoding(adam7)).toMatchObject({
    heldWhole: "interlaced",
    bytes: 10 * 3 * 20_000,
  });
  const deep = await fileOf(
    await plain(4).toColourspace("rgb16").png({ progressive: true }).toBuffer(),
  );
  expect(await estimateDecoding(deep)).toMatchObject({ bytes: SIDE * SIDE * 4 * 2 });
  const scans = await fileOf(
    await plain().jpeg({ progressive: true, chromaSubsampling: "4:4:4" }).toBuffer(),
  );
  expect(await estimateDecoding(scans)).toMatchObject({ bytes: SIDE * SIDE * 3 * 2 });
  const sideways = await fileOf(await plain().withMetadata({ orientation: 6 }).png().toBuffer());
  expect(await estimateDecoding(sideways)).toMatchObject({ heldWhole: "turned" });
  expect(await estimateDecoding(await fileOf(Buffer.from("no picture")))).toBeNull();
});

test("a picture that alone would hold too much is refused before a row is decoded", async () => {
  const gate = new PictureGate({ heldBytes: 100_000, smallBytes: 1, atOnce: 2, waiting: 9 });
  const path = await fileOf(await plain().png({ progressive: true }).toBuffer());
  let hasBegun = false;
  const refused = gate.decode(path, () => {
    hasBegun = true;
    return Promise.resolve();
  });
  await expect(refused).rejects.toMatchObject({
    code: "TOO_LARGE",
    message:
      "Expected a picture that takes at most 1 MB to decode, got an interlaced one of 200 × 200 " +
      "that takes 1 MB. Save it without interlacing, or scale it down.",
  });
  expect(hasBegun).toBe(false);
});

test("large pictures wait for each other, a small one for none of them", async () => {
  const gate = new PictureGate({
    heldBytes: 150_000,
    smallBytes: 50_000,
    atOnce: 2,
    waiting: 9,
  });
  const large = await fileOf(await plain().png({ progressive: true }).toBuffer());
  const small = await fileOf(await plain().resize(8, 8).png().toBuffer());
  const works = Array.from({ length: 6 }, heldWork);
  const decoding = works.map(({ run }) => gate.decode(large, run));
  await until(() => works.some(({ hasBegun }) => hasBegun));
  expect(await gate.decode(small, () => Promise.resolve("seen"))).toBe("seen");
  for (let left = works.length; left > 0; left--) {
    await until(() => works.some(({ hasBegun }) => hasBegun));
    const begun = works.filter(({ hasBegun }) => hasBegun);
    expect(begun).toHaveLength(1);
    begun[0]?.end();
    works.splice(works.indexOf(begun[0]!), 1);
  }
  await Promise.all(decoding);
});

test("a failure makes room, whoever comes when too many wait is told when to come again", async () => {
  const gate = new PictureGate({ heldBytes: 1e9, smallBytes: 1e8, atOnce: 1, waiting: 1 });
  const path = await fileOf(await plain().png().toBuffer());
  await expect(gate.decode(path, () => Promise.reject(new Error("torn")))).rejects.toThrow("torn");

  const [first, second] = [heldWork(), heldWork()];
  const one = gate.decode(path, first.run);
  await until(() => first.hasBegun);
  const two = gate.decode(path, second.run);
  await until(() => gate.waiting === 1);
  await expect(gate.decode(path, () => Promise.resolve())).rejects.toMatchObject({
    code: "TOO_MANY_REQUESTS",
    details: { retryAfterSeconds: 5 },
  });
  first.end();
  second.end();
  await Promise.all([one, two]);
});
