import { randomBytes } from "node:crypto";
import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";

import { describe, expect, test } from "vitest";

import { makeZip, type ZipEntry } from "../testing/make-zip.ts";
import { scratchFolder } from "../testing/scratch-folder.ts";
import { DEFAULT_IMPORT_LIMITS } from "./import-limits.ts";
import { openZipSource } from "./open-zip-source.ts";
import { spoolFile } from "./spool-file.ts";

const scratch = scratchFolder();
const PICTURE = randomBytes(2000);

async function open(bytes: Uint8Array, limits = DEFAULT_IMPORT_LIMITS) {
  const path = join(scratch.path, `${crypto.randomUUID()}.zip`);
  await writeFile(path, bytes);
  return openZipSource(path, limits);
}

async function openEntries(...entries: ZipEntry[]) {
  return open(makeZip(entries));
}

function refusal(sentence: RegExp): Error {
  return expect.objectContaining({
    code: "IMPORT_REFUSED",
    message: expect.stringMatching(sentence) as string,
  }) as Error;
}

describe("openZipSource", () => {
  test("lists the files of an archive and reads each", async () => {
    const source = await openEntries(
      { name: "train/" },
      { name: "train/good/1.png", data: PICTURE },
      { name: "train/good/2.png", data: PICTURE, isStored: true },
    );
    expect(source.files.map(({ path, sizeBytes }) => [path, sizeBytes])).toEqual([
      ["train/good/1.png", 2000],
      ["train/good/2.png", 2000],
    ]);
    for (const file of source.files) expect(await buffer(file.open())).toEqual(PICTURE);
    await source.close();
  });

  test.each<[string, ZipEntry, RegExp]>([
    ["a path that climbs out", { name: "train/../../../etc/cron.d/x" }, /outside the archive/u],
    ["an absolute path", { name: "/etc/passwd" }, /absolute/u],
    ["a drive letter", { name: "C:/x.png" }, /absolute/u],
    ["backslashes", { name: "..\\..\\x.png" }, /backslash/u],
    ["a NUL in a name", { name: "train/good/1.png\0.exe" }, /control character/u],
    ["a link", { name: "train/good/1.png", mode: 0o120777 }, /link to another file/u],
    ["a device", { name: "train/good/1.png", mode: 0o020644 }, /device/u],
    ["a password", { name: "train/good/1.png", flags: 1 }, /password/u],
    ["strong encryption", { name: "train/good/1.png", flags: 0x41 }, /damaged|password/u],
  ])("refuses %s", async (_, entry, sentence) => {
    await expect(openEntries({ data: PICTURE, ...entry })).rejects.toThrow(refusal(sentence));
  });

  test("refuses the second of two files of one name", async () => {
    const twice = { name: "train/good/1.png", data: PICTURE };
    await expect(openEntries(twice, { ...twice, name: "./train//good/1.png" })).rejects.toThrow(
      refusal(/two files named train\/good\/1\.png/u),
    );
  });

  test("refuses a file that unpacks to far more than it is", async () => {
    const zeros = new Uint8Array(32 * 1024 ** 2);
    await expect(openEntries({ name: "train/good/1.png", data: zeros })).rejects.toThrow(
      refusal(/would unpack from .* to 32 MiB/u),
    );
  });

  test("refuses many files that together unpack to far more than the archive", async () => {
    const zeros = new Uint8Array(4 * 1024 ** 2);
    const entries = Array.from({ length: 8 }, (_, i) => ({ name: `train/good/${i}`, data: zeros }));
    await expect(openEntries(...entries)).rejects.toThrow(refusal(/200 times its size/u));
  });

  test("refuses entries that share their bytes", async () => {
    const large = randomBytes(50_000);
    await expect(
      openEntries(
        { name: "train/good/1.png", data: large },
        { name: "train/good/2.png", data: large, sharesDataOf: 0 },
        { name: "train/good/3.png", data: large, sharesDataOf: 0 },
      ),
    ).rejects.toThrow(refusal(/overlap/u));
  });

  test("refuses more files than allowed, before it lists them", async () => {
    const bytes = makeZip([{ name: "a" }], 65_000);
    await expect(open(bytes, { ...DEFAULT_IMPORT_LIMITS, files: 1000 })).rejects.toThrow(
      refusal(/at most 1000 files, got 65000/u),
    );
  });

  test("refuses more unpacked bytes than allowed", async () => {
    const bytes = makeZip([{ name: "a", data: PICTURE }]);
    await expect(open(bytes, { ...DEFAULT_IMPORT_LIMITS, totalBytes: 1999 })).rejects.toThrow(
      refusal(/more than/u),
    );
  });

  test.each([
    ["a text", Buffer.from("not an archive at all")],
    ["nothing", Buffer.alloc(0)],
    ["a gzip", Buffer.from([0x1f, 0x8b, 8, 0, 0, 0])],
  ])("refuses %s in place of an archive", async (_, bytes) => {
    await expect(open(bytes)).rejects.toThrow(refusal(/Expected a zip archive/u));
  });

  test("refuses an archive that was cut short anywhere", async () => {
    const whole = makeZip(
      Array.from({ length: 5 }, (_, i) => ({ name: `train/good/${i}.png`, data: PICTURE })),
    );
    for (const share of [0.1, 0.5, 0.9, 0.97, 0.999]) {
      await expect(open(whole.subarray(0, Math.floor(whole.length * share)))).rejects.toThrow(
        refusal(/cut short or damaged/u),
      );
    }
  });

  test("a directory with flipped bytes is a refusal, never a crash", async () => {
    const whole = makeZip(
      Array.from({ length: 5 }, (_, i) => ({ name: `train/good/${i}.png`, data: PICTURE })),
    );
    const directoryAt = whole.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    for (let at = directoryAt; at < whole.length; at += 7) {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ 0xff;
      const source = await open(bytes).catch((error: unknown) => {
        expect(error).toEqual(expect.objectContaining({ code: "IMPORT_REFUSED" }));
        return null;
      });
      await source?.close();
    }
  });

  test.each<[string, Partial<ZipEntry>]>([
    ["is longer than stated", { statedSize: 1999 }],
    ["is shorter than stated", { statedSize: 2001 }],
    ["has another checksum", { statedCrc32: 1 }],
  ])("refuses content that %s, while reading", async (_, lie) => {
    const source = await openEntries({ name: "train/good/1.png", data: PICTURE, ...lie });
    const target = join(scratch.path, "spooled");
    await expect(spoolFile(source.files[0]!, target)).rejects.toThrow(
      refusal(/train\/good\/1\.png is not what the archive states/u),
    );
    await source.close();
  });

  test("a bomb that hides its size is stopped at the stated size", async () => {
    const zeros = new Uint8Array(64 * 1024 ** 2);
    const source = await openEntries({ name: "a", data: zeros, statedSize: 100_000 });
    const target = join(scratch.path, "bomb");
    await expect(spoolFile(source.files[0]!, target)).rejects.toThrow(refusal(/not what/u));
    expect((await stat(target)).size).toBeLessThan(200_000);
    await source.close();
  });
});
