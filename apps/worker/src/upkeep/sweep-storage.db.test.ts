import { randomUUID } from "node:crypto";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";

import { aTrainingRun, testDatabase } from "@loupe/db/testing";
import { createLogger } from "@loupe/platform";
import { beforeEach, describe, expect, test } from "vitest";

import { drawPart } from "../testing/draw-part.ts";
import {
  anImportWorld,
  deliverImport,
  uploadZip,
  zipOf,
  type ImportWorld,
} from "../testing/import-world.ts";
import { scratchFolder } from "../testing/scratch-folder.ts";
import { sweepStorage, type SweepServices } from "./sweep-storage.ts";

const database = testDatabase();
const scratch = scratchFolder();

let world: ImportWorld;
let services: SweepServices;
beforeEach(async () => {
  world = await anImportWorld(database.db, scratch.path);
  const { db, blobs, folder } = world;
  const folders = {
    features: join(folder, "features"),
    runs: join(folder, "runs"),
    scratch: join(folder, "scratch"),
  };
  for (const path of Object.values(folders)) await mkdir(path, { recursive: true });
  services = { db, blobs, folders, logger: createLogger("test", { level: "silent" }) };
});

/** Everything that is there by now counts as old. */
async function sweepAll() {
  await sleep(20);
  return sweepStorage(services, { graceMs: 10 });
}

describe("sweepStorage", () => {
  test("removes what an upload left that was taken back, and keeps what was imported", async () => {
    const good = { "part/train/good/000.png": await drawPart({ seed: 1 }) };
    const importId = await uploadZip(world, await zipOf(good, world.folder));
    expect((await deliverImport(world, importId)).status).toBe("succeeded");
    const leftover = await world.blobs.putBytes(Buffer.from("named by no row"));
    await world.blobs.createUpload(Readable.from(["broken off"]), { maxBytes: 100 });

    const swept = await sweepAll();
    expect(swept).toMatchObject({ blobs: { count: 1 }, uploads: { count: 1 } });
    expect(await world.blobs.has(leftover)).toBe(false);
    const { rows } = await world.db.images.list({ projectId: world.projectId, limit: 10 });
    const { sha256 } = await world.db.images.requireFile(rows[0]!.id);
    expect(await world.blobs.has(sha256)).toBe(true);
    expect(await sweepAll()).toMatchObject({ blobs: { count: 0 }, uploads: { count: 0 } });
  });

  test("removes the folders of runs that have ended, and those of killed workers", async () => {
    const underWay = await aTrainingRun(world.db, world);
    const cancelled = await aTrainingRun(world.db, world);
    await world.db.runs.finish(cancelled.lease, { status: "cancelled" });
    const { runs, scratch: shortLived } = services.folders;
    for (const name of [underWay.run.id, cancelled.run.id, "notes"]) {
      await mkdir(join(runs, name, "checkpoints"), { recursive: true });
      await writeFile(join(runs, name, "checkpoints", "50"), "weights");
    }
    await mkdir(join(shortLived, "import-abc"));
    expect(await sweepAll()).toMatchObject({ runs: 1, scratch: 1 });
    expect((await readdir(runs)).sort()).toEqual([underWay.run.id, "notes"].sort());
    expect(await readdir(shortLived)).toEqual([]);
  });

  test("leaves alone what is young", async () => {
    const key = await world.blobs.putBytes(Buffer.from("about to be named"));
    expect(await sweepStorage(services)).toMatchObject({ blobs: { count: 0 } });
    expect(await world.blobs.has(key)).toBe(true);
  });

  // Two databases on one folder: rows of the second name nothing that the first has stored.
  test("sweeps nothing of a store that another database has claimed", async () => {
    const key = await world.blobs.putBytes(Buffer.from("of another database"));
    await world.blobs.claim(randomUUID());
    expect(await sweepAll()).toBeNull();
    expect(await world.blobs.has(key)).toBe(true);
  });
});
