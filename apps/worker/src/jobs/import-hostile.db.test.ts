import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";

import { testDatabase } from "@loupe/db/testing";
import { expect, test } from "vitest";

import { hostileArchives } from "../testing/hostile-archives.ts";
import { anImportWorld, deliverImport, uploadZip } from "../testing/import-world.ts";
import { scratchFolder } from "../testing/scratch-folder.ts";

const database = testDatabase();
const scratch = scratchFolder();

async function listed(folder: string): Promise<string[]> {
  return existsSync(folder) ? readdir(folder) : [];
}

const archives = await hostileArchives();

test("there are more than forty kinds", () => {
  expect(new Set(archives.map(({ name }) => name)).size).toBeGreaterThan(40);
});

// An error outside of the import's promise fails this file as an unhandled one.
test.each(archives.map((archive) => [archive.name, archive] as const))(
  "%s: the import ends with a sentence and leaves nothing",
  async (_name, { bytes }) => {
    const world = await anImportWorld(database.db, scratch.path);
    const importId = await uploadZip(world, bytes);
    const view = await deliverImport(world, importId);
    const { rows } = await world.db.imports.listFiles(importId, { limit: 100 });
    if (view.status === "succeeded") {
      expect(rows.length).toBeGreaterThan(0);
      for (const { reason } of rows) expect(reason).toMatch(/\.$/u);
    } else {
      expect(view.status).toBe("refused");
      expect(view.error).toMatch(/ .*\.$/su);
      expect(rows).toEqual([]);
      expect((await world.db.images.list({ projectId: world.projectId, limit: 1 })).rows).toEqual(
        [],
      );
    }
    expect(await listed(join(world.folder, "blobs", "uploads"))).toEqual([]);
    expect(await listed(join(world.folder, "scratch"))).toEqual([]);
  },
);
