import { mkdir, readdir, utimes } from "node:fs/promises";
import { join } from "node:path";

import { testDatabase } from "@loupe/db/testing";
import { createLogger } from "@loupe/platform";
import { expect, test } from "vitest";

import { anImportWorld } from "../testing/import-world.ts";
import { scratchFolder } from "../testing/scratch-folder.ts";
import { upkeepRoutines } from "./upkeep-routines.ts";

const database = testDatabase();
const scratch = scratchFolder();

test("once a day the files are swept", async () => {
  const { db, blobs, folder } = await anImportWorld(database.db, scratch.path);
  const folders = {
    features: join(folder, "features"),
    runs: join(folder, "runs"),
    scratch: join(folder, "short-lived"),
  };
  await mkdir(join(folders.scratch, "of-a-killed-worker"), { recursive: true });
  const longAgo = new Date(Date.now() - 48 * 3600 * 1000);
  await utimes(join(folders.scratch, "of-a-killed-worker"), longAgo, longAgo);

  const logger = createLogger("test", { level: "silent" });
  const routines = upkeepRoutines({ db, blobs, folders, logger });
  expect(routines.map(({ when }) => when)).toEqual(["30 3 * * *"]);
  for (const { work } of routines) await work(new AbortController().signal);
  expect(await readdir(folders.scratch)).toEqual([]);
});
