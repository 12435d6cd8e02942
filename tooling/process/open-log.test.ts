import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";

import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { openLog } from "./open-log.ts";

let folder = "";
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "loupe-log-"))));
afterEach(async () => rm(folder, { recursive: true, force: true }));

const NO_SPACE = Object.assign(new Error("ENOSPC: no space left on device, write"), {
  code: "ENOSPC",
});

/** Streams of a disk that is full until it is told otherwise. */
function fullDisk() {
  const disk = { isFull: true, kept: "", opened: 0 };
  const open = () => {
    disk.opened++;
    return new Writable({
      write: (chunk, _encoding, done) => {
        if (disk.isFull) return done(NO_SPACE);
        disk.kept += String(chunk);
        done();
      },
    });
  };
  return { disk, open };
}

test("a full disk drops lines and says so once; with room again the log goes on and tells the gap", async () => {
  const { disk, open } = fullDisk();
  const said: string[] = [];
  const log = openLog("web.log", (sentence) => said.push(sentence), open);
  log.write("lost\n");
  await vi.waitFor(() => expect(said).toHaveLength(1));
  for (let line = 0; line < 300; line++) {
    log.write(`line ${line}\n`);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(said).toEqual([
    "The log web.log cannot be written (ENOSPC: no space left on device, write); its lines are dropped.",
  ]);
  // It is tried again now and then, not with every line.
  expect(disk.opened).toBeLessThan(10);

  disk.isFull = false;
  for (let line = 0; line < 60; line++) log.write(`late ${line}\n`);
  await vi.waitFor(() => expect(disk.kept).toContain("late 59\n"));
  expect(disk.kept).toMatch(/^\(about \d+ texts could not be written\)\n/);
  log.end();
});

test("a folder that is not there, or cannot be written, ends nothing", async () => {
  const said: string[] = [];
  const log = openLog(join(folder, "gone", "web.log"), (sentence) => said.push(sentence));
  log.write("lost\n");
  await vi.waitFor(() => expect(said.join()).toContain("ENOENT"));
  log.write("lost too\n");
  log.end();
});

test("only its owner reads a log, also one that an earlier version left readable", async () => {
  const file = join(folder, "web.log");
  await writeFile(file, "old\n", { mode: 0o644 });
  const log = openLog(file, () => undefined);
  log.write("new\n");
  log.end();
  await vi.waitFor(async () => expect(await readFile(file, "utf8")).toBe("old\nnew\n"));
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});
