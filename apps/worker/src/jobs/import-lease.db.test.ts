import { testDatabase } from "@loupe/db/testing";
import { createLogger } from "@loupe/platform";
import { expect, test } from "vitest";

import { ImportReport } from "../importing/import-report.ts";
import { TelemetryNotifier } from "../telemetry/telemetry-notifier.ts";
import { drawPart } from "../testing/draw-part.ts";
import { anImportWorld, deliverImport, uploadZip, zipOf } from "../testing/import-world.ts";
import { scratchFolder } from "../testing/scratch-folder.ts";

const database = testDatabase();
const scratch = scratchFolder();
const silent = createLogger("test", { level: "silent" });

async function anUpload() {
  const world = await anImportWorld(database.db, scratch.path);
  const files = { "train/good/0.png": await drawPart({ seed: 1 }) };
  const importId = await uploadZip(world, await zipOf(files, scratch.path));
  return { world, importId };
}

test("an import is begun by no second worker while the first one lives, and by one when it is silent", async () => {
  const { world, importId } = await anUpload();
  const { leases } = world.db;
  await leases.take({ kind: "import", id: importId }, "first");
  await expect(deliverImport(world, importId, { workerId: "second" })).rejects.toThrow(
    "held by another worker",
  );
  expect(await world.db.imports.find(importId)).toMatchObject({ finishedAt: null, filesDone: 0 });
  await world.db.pool.query(`update job_lease set "beatAt" = now() - interval '16 seconds'`);
  const view = await deliverImport(world, importId, { workerId: "second" });
  expect(view).toMatchObject({ status: "succeeded", filesDone: 1 });
  const { rowCount } = await world.db.pool.query("select from job_lease");
  expect(rowCount).toBe(0);
});

test("a worker that has lost an import writes nothing of it any more", async () => {
  const { world, importId } = await anUpload();
  const { db, projectId } = world;
  await db.imports.claim(importId);
  const token = (await db.leases.take({ kind: "import", id: importId }, "first"))!;
  const telemetry = new TelemetryNotifier({ sql: db.pool, logger: silent });
  const report = new ImportReport({
    db,
    telemetry,
    importId,
    projectId,
    token,
    filesTotal: 2,
    filesDone: 0,
  });
  const line = {
    path: "a.png",
    outcome: "damaged_image",
    reason: "Broken.",
    imageId: null,
  } as const;
  await report.record([line]);
  await db.leases.releaseOf("first");
  await expect(report.record([{ ...line, path: "b.png" }])).rejects.toThrow("hold the lease");
  const { rows } = await db.imports.listFiles(importId, { limit: 9 });
  expect(rows.map(({ path }) => path)).toEqual(["a.png"]);
});
