import { existsSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";

import type { ImportId } from "@loupe/contracts";
import { anImage, testDatabase } from "@loupe/db/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { drawMask, drawPart } from "../testing/draw-part.ts";
import {
  anImportWorld,
  deliverImport,
  uploadZip,
  zipOf,
  type Files,
  type ImportWorld,
} from "../testing/import-world.ts";
import { scratchFolder } from "../testing/scratch-folder.ts";
import { waitUntil } from "../testing/wait-until.ts";

const database = testDatabase();
const scratch = scratchFolder();
const DEFECT = { x: 10, y: 12, side: 9 };

let world: ImportWorld;
beforeEach(async () => {
  world = await anImportWorld(database.db, scratch.path);
});
afterEach(async () => {
  await database.db.pool.query(`drop trigger if exists cancel_at on "import_file"`);
});

/** Pairs of a defective image and its mask, and a file that is neither. */
async function pairs(count: number): Promise<Files> {
  const files: Record<string, Uint8Array> = { "cap/readme.txt": Buffer.from("hello") };
  for (let i = 0; i < count; i++) {
    const name = String(i).padStart(3, "0");
    files[`cap/test/bent/${name}.png`] = await drawPart({ seed: 100 + i, defect: DEFECT });
    files[`cap/ground_truth/bent/${name}_mask.png`] = await drawMask({ seed: 1, defect: DEFECT });
  }
  return files;
}

async function uploadFolder(files: Files): Promise<ImportId> {
  const { db, blobs, projectId, engineer: createdById } = world;
  const folder = blobs.createUploadFolder();
  for (const [path, bytes] of Object.entries(files)) {
    await folder.add(path, Readable.from([bytes]), { maxBytes: bytes.length });
  }
  const { key: uploadKey, sizeBytes } = folder;
  const row = { projectId, createdById, fileName: "cap", sizeBytes, uploadKey };
  return (await db.imports.create(row)).id;
}

const cancel = (id: ImportId) =>
  world.db.transaction((tx) => tx.imports.requestCancel(id, world.projectId));

/** Cancel any import at the moment at which this file is reported. */
async function cancelAt(path: string): Promise<void> {
  await database.db.pool.query(`
    create or replace function cancel_at() returns trigger language plpgsql as $$
    begin
      update "import" set "status" = 'cancelling' where "id" = new."importId" and "status" = 'running';
      return null;
    end $$;
    create trigger cancel_at after insert on "import_file" for each row when (new."path" = '${path}')
      execute function cancel_at()`);
}

async function listed(folder: string): Promise<string[]> {
  return existsSync(folder) ? readdir(folder) : [];
}

async function expectNothingLeft(id: ImportId): Promise<void> {
  const { db, projectId, folder } = world;
  const view = await db.imports.require(id, projectId);
  expect(view).toMatchObject({ status: "cancelled", outcomes: {}, filesDone: 0 });
  expect(view.error).toMatch(/^Cancelled/u);
  expect(view.finishedAt).not.toBeNull();
  expect(await db.images.countByCategory(projectId)).toEqual([]);
  expect((await db.images.list({ projectId, limit: 9 })).rows).toEqual([]);
  for (const table of ["mask", "import_file"]) {
    const { rows } = await db.pool.query(`select 1 from "${table}" where "importId" = $1`, [id]);
    expect(rows).toEqual([]);
  }
  expect(await listed(join(folder, "blobs", "uploads"))).toEqual([]);
  expect(await listed(join(folder, "scratch"))).toEqual([]);
}

describe("an import that is cancelled leaves nothing", () => {
  test.each([
    ["at a file that is no picture, before the first one", "cap/readme.txt"],
    ["at the first images", "cap/test/bent/000.png"],
    ["at the last image, before the masks", "cap/test/bent/019.png"],
    ["at the first masks", "cap/ground_truth/bent/000_mask.png"],
    ["after the last file, before its end", "cap/ground_truth/bent/019_mask.png"],
  ])("%s", async (_when, path) => {
    const id = await uploadZip(world, await zipOf(await pairs(20), scratch.path));
    await cancelAt(path);
    await deliverImport(world, id);
    await expectNothingLeft(id);
    const [last] = (await world.db.events.listAfter(world.projectId, 0, 100)).slice(-1);
    expect(last?.body).toMatchObject({ type: "import.status", status: "cancelled" });
  });

  test("while its worker is at it, and a second one is told as well", async () => {
    const id = await uploadFolder(await pairs(40));
    const delivery = deliverImport(world, id);
    await waitUntil("the first image", async () => {
      const { rows } = await world.db.images.list({ projectId: world.projectId, limit: 9 });
      return rows.length > 0;
    });
    expect((await cancel(id)).view.status).toBe("cancelling");
    // Told to come again while the first one holds it; then nothing is left to do.
    const second = deliverImport(world, id, { workerId: "second" }).catch((error: Error) => {
      expect(error.message).toMatch(/held by another worker/u);
    });
    await Promise.all([delivery, second]);
    await deliverImport(world, id, { workerId: "second" });
    await expectNothingLeft(id);
  });

  test("while it waits, at once", async () => {
    const id = await uploadZip(world, await zipOf(await pairs(1), scratch.path));
    const { view, uploadKey } = await cancel(id);
    expect(view.status).toBe("cancelled");
    await world.blobs.deleteUpload(uploadKey!);
    await deliverImport(world, id);
    await expectNothingLeft(id);
  });

  test("when the worker was killed before or in the middle of taking it back", async () => {
    const id = await uploadZip(world, await zipOf(await pairs(20), scratch.path));
    const killed = new AbortController();
    const delivery = deliverImport(world, id, { signal: killed.signal });
    delivery.catch(() => undefined);
    await waitUntil("the first image", async () => {
      const { rows } = await world.db.images.list({ projectId: world.projectId, limit: 9 });
      return rows.length > 0;
    });
    killed.abort(new Error("killed"));
    await expect(delivery).rejects.toThrow("killed");
    // What a process leaves that had no time to clean up, and an upload that is gone already.
    const left = join(world.folder, "scratch", `import-${id}-left`);
    await mkdir(left, { recursive: true });
    await writeFile(join(left, "picture"), "half");
    await cancel(id);
    const claimed = await world.db.imports.claim(id);
    await world.blobs.deleteUpload(claimed!.uploadKey);

    await deliverImport(world, id);
    await expectNothingLeft(id);
  });
});

test("cancelling again changes nothing, and what has ended is not cancelled", async () => {
  const { db, projectId } = world;
  const id = await uploadZip(world, await zipOf(await pairs(1), scratch.path));
  expect((await cancel(id)).isNew).toBe(true);
  const again = await cancel(id);
  expect(again).toMatchObject({ isNew: false, view: { status: "cancelled" } });

  const done = await uploadZip(world, await zipOf(await pairs(1), scratch.path));
  await deliverImport(world, done);
  await expect(cancel(done)).rejects.toMatchObject({ code: "IMPORT_ALREADY_FINISHED" });
  expect((await db.imports.require(done, projectId)).status).toBe("succeeded");
  expect((await db.images.countByCategory(projectId))[0]).toMatchObject({ testDefective: 1 });
});

test("a cancelled import takes only its own images back", async () => {
  const { db, projectId } = world;
  await anImage(db, { projectId, category: "cap" });
  const id = await uploadZip(world, await zipOf(await pairs(3), scratch.path));
  await cancelAt("cap/ground_truth/bent/002_mask.png");
  await deliverImport(world, id);
  expect(await db.images.countByCategory(projectId)).toEqual([
    { category: "cap", trainGood: 1, testGood: 0, testDefective: 0, unassigned: 0, masks: 0 },
  ]);
});
