import { existsSync } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { BlobStore } from "@loupe/platform";
import { testDatabase } from "@loupe/db/testing";
import { expect, test } from "vitest";

import { drawPart } from "../testing/draw-part.ts";
import { hostileArchives } from "../testing/hostile-archives.ts";
import { anImportWorld, deliverImport, uploadZip, zipOf } from "../testing/import-world.ts";
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

test.skipIf(process.platform !== "linux")(
  "a full disk ends the import at once with a sentence, and leaves nothing",
  async () => {
    const world = await anImportWorld(database.db, scratch.path);
    const files = {
      "train/good/0.png": await drawPart({ seed: 1 }),
      "train/good/1.png": await drawPart({ seed: 2 }),
    };
    const importId = await uploadZip(world, await zipOf(files, world.folder));
    let stored = 0;
    const blobs: BlobStore = {
      ...world.blobs,
      putFile: async (path) => {
        // The second write finds no room, as on a disk that has just become full.
        stored++;
        if (stored > 1) await writeFile("/dev/full", "x");
        return world.blobs.putFile(path);
      },
    };
    const view = await deliverImport({ ...world, blobs }, importId);
    expect(view).toMatchObject({
      status: "failed",
      outcomes: {},
      error: expect.stringMatching(/^The disk of the server is full\./u) as string,
    });
    expect((await world.db.images.list({ projectId: world.projectId, limit: 1 })).rows).toEqual([]);
    expect(await listed(join(world.folder, "blobs", "uploads"))).toEqual([]);
    expect(await listed(join(world.folder, "scratch"))).toEqual([]);
  },
);
