import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
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
