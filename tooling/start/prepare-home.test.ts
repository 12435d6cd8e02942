import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { describeFailure } from "../process/describe-failure.ts";
import { explainStorage } from "./explain-storage.ts";
import { prepareHome, requireRoom } from "./prepare-home.ts";

let home = "";
beforeEach(async () => void (home = await mkdtemp(join(tmpdir(), "loupe-home-"))));
afterEach(async () => rm(home, { recursive: true, force: true }));

const isRoot = process.getuid?.() === 0;
const withCode = (code: string) => Object.assign(new Error(`${code}: it failed`), { code });
const sentence = (error: unknown) => describeFailure(explainStorage(error, "/srv/loupe"));

test("a home that can be used has a place for logs and nothing of the try", async () => {
  await prepareHome(home);
  expect(await readdir(home)).toEqual(["logs"]);
});

test.each(["ENOSPC", "EDQUOT", "EROFS"])("%s is one sentence with what to do", (code) => {
  const said = sentence(withCode(code));
  expect(said).toMatch(/^The disk .*\/srv\/loupe.*set LOUPE_HOME to .*\.$/);
  expect(said).not.toContain("\n");
});

test("so is a database that meets a full disk, however deep that is told", () => {
  const log = "FATAL:  could not create lock file: No space left on device";
  const error = new Error(`PostgreSQL did not start in /x. Its log ends:\n${log}`);
  expect(sentence(error)).toBe(
    "The disk of /srv/loupe is full. Make room there, or set LOUPE_HOME to a folder on another disk.",
  );
});

test("other failures stay as they are", () => {
  const bug = new TypeError("undefined is not a function");
  expect(explainStorage(bug, "/srv/loupe")).toBe(bug);
});

test("too little room is said before anything starts, with how much is needed", () => {
  const mebibyte = 1024 ** 2;
  expect(() => requireRoom("/srv/loupe", { hasDatabase: true, freeBytes: 3.5 * mebibyte })).toThrow(
    "The disk of /srv/loupe is full: Loupe needs 40 MiB to start, and 3 MiB are free.",
  );
  expect(() => requireRoom("/x", { hasDatabase: false, freeBytes: 100 * mebibyte })).toThrow("192");
  requireRoom("/x", { hasDatabase: true, freeBytes: 100 * mebibyte });
});

test.skipIf(isRoot)("a folder that may not be written is one sentence", async () => {
  await chmod(home, 0o500);
  const error: unknown = await prepareHome(home).catch((failure: unknown) => failure);
  expect(describeFailure(explainStorage(error, home))).toMatch(/^Loupe may not write in /);
  await chmod(home, 0o700);
});

const shell = (command: string) => execFileSync("sh", ["-c", command], { stdio: "ignore" });

/** A small disk of its own, where that may be made. */
function mountSmallDisk(folder: string): boolean {
  try {
    shell(`mount -t tmpfs -o size=64k tmpfs ${folder}`);
    return true;
  } catch {
    return false;
  }
}

test.skipIf(!isRoot)("a disk that is full, and one that can only be read", async (context) => {
  const disk = join(home, "disk");
  await mkdir(disk);
  if (!mountSmallDisk(disk)) return context.skip("disks cannot be mounted here");
  try {
    shell(`head -c 1M /dev/zero > ${disk}/filling 2>/dev/null || true`);
    const full: unknown = await prepareHome(disk).catch((failure: unknown) => failure);
    expect(describeFailure(explainStorage(full, disk))).toMatch(/^The disk of .* is full\./);
    shell(`mount -o remount,ro ${disk}`);
    const readOnly: unknown = await prepareHome(disk).catch((failure: unknown) => failure);
    expect(describeFailure(explainStorage(readOnly, disk))).toMatch(/can only be read\./);
  } finally {
    shell(`umount ${disk}`);
  }
});
