import { mkdir, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { ProcessList } from "./process-list.ts";

let home = "";
beforeEach(async () => void (home = await mkdtemp(join(tmpdir(), "loupe-home-"))));
afterEach(async () => rm(home, { recursive: true, force: true }));

// Writes that overlapped once left the end of an older list behind a newer one.
test("processes that start and end in one moment leave the last list, whole", async () => {
  const file = join(home, "processes.json");
  const list = new ProcessList(file, "http://localhost:3000");
  for (let round = 0; round < 50; round++) {
    list.set("web", 100_000 + round);
    list.set("worker", undefined);
    list.set("worker", round);
    const read: unknown = JSON.parse(await readFile(file, "utf8"));
    expect(read).toEqual({
      address: "http://localhost:3000",
      pids: { launcher: process.pid, web: 100_000 + round, worker: round },
    });
  }
  expect(await readdir(home)).toEqual(["processes.json"]);
});

test("a list that cannot be written ends nothing, and is written when it can be again", async () => {
  const folder = join(home, "later");
  const file = join(folder, "processes.json");
  const list = new ProcessList(file, "http://localhost:3000");
  list.set("web", 1);
  await mkdir(folder);
  list.set("worker", 2);
  expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ pids: { web: 1, worker: 2 } });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});
