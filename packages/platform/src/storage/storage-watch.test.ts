import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { readSpace } from "./read-space.ts";
import { StorageWatch } from "./storage-watch.ts";
import { warnOfLowStorage } from "./warn-of-low-storage.ts";

let home = "";
beforeEach(async () => void (home = await mkdtemp(join(tmpdir(), "loupe-space-"))));
afterEach(async () => {
  vi.useRealTimers();
  await rm(home, { recursive: true, force: true });
});

const percent = (freeBytes: number) => Promise.resolve({ freeBytes, totalBytes: 100 });

test("the system tells how much room there is", async () => {
  const { freeBytes, totalBytes } = await readSpace(home);
  expect(freeBytes).toBeGreaterThan(0);
  expect(totalBytes).toBeGreaterThanOrEqual(freeBytes);
});

test("low is below 5 %, and stays so up to 7 %", async () => {
  const shares = [6, 5, 4.9, 5.5, 6.9, 7, 5.5, 4];
  const watch = new StorageWatch(home, () => percent(shares.shift()!));
  const seen = [];
  while (shares.length > 0) seen.push((await watch.look())?.isLow);
  expect(seen).toEqual([false, false, true, true, true, false, false, true]);
});

test("a database that lies elsewhere is watched too, and a disk that cannot be asked ends nothing", async () => {
  const elsewhere = join(home, "elsewhere");
  await mkdir(elsewhere);
  await writeFile(join(home, "postgres.location"), `${join(elsewhere, "postgres")}\n`);
  const watch = new StorageWatch(home, (folder) => percent(folder === elsewhere ? 2 : 50));
  expect(await watch.look()).toMatchObject({ folder: elsewhere, isLow: true });
  const blind = new StorageWatch(home, () => Promise.reject(new Error("gone")));
  expect(await blind.look()).toBeNull();
});

test("it is said once when it gets tight and once when there is room again", async () => {
  vi.useFakeTimers();
  let free = 50;
  const said: string[] = [];
  const look = () =>
    Promise.resolve({ folder: "/loupe", freeBytes: free, totalBytes: 100, isLow: free < 5 });
  const watching = warnOfLowStorage(
    { look },
    { onLow: (sentence) => said.push(sentence), onWell: (sentence) => said.push(sentence) },
  );
  for (const next of [50, 3, 3, 2, 40, 40]) {
    free = next;
    await vi.advanceTimersByTimeAsync(30_000);
  }
  watching.stop();
  free = 1;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(said).toEqual([
    "The disk of /loupe is almost full: 0 MiB (3.0 %) are free. Make room before uploads and trainings have to stop.",
    "The disk of /loupe has room again.",
  ]);
});
