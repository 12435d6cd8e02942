import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";

import {
  aCase,
  aHash,
  aModel,
  anImage,
  aRun,
  aTrainingRun,
  aWorld,
  testDatabase,
} from "../../testing/index.ts";

const database = testDatabase();

test("a blob is in use while an image, a mask, a probe, a model or a prediction names it", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const image = await anImage(db, { projectId: world.projectId });
  const maskKey = aHash();
  await db.masks.create({ imageId: image.id, sha256: maskKey });
  const { lease } = await aTrainingRun(db, world);
  const probeKey = aHash();
  await db.runs.recordProbe(lease, { imageId: image.id, step: 1, score: 1, mapKey: probeKey });
  const model = await aModel(db, world);
  await aCase(db, world, { model });
  const { rows } = await db.pool.query<{ mapKey: string }>('select "mapKey" from prediction');

  const used = [image.sha256, maskKey, probeKey, model.sha256, rows[0]?.mapKey ?? ""];
  const found = await db.storedFiles.findNamedBlobs([...used, aHash(), aHash()]);
  expect([...found].sort()).toEqual([...used].sort());
  expect(await db.storedFiles.findNamedBlobs([])).toEqual(new Set());
});

// A new column that names blobs must be asked about, or what it names is swept.
test("every column that holds a blob's key is known", async () => {
  const { rows } = await database.db.pool.query<{ name: string }>(
    `select table_name || '.' || column_name as name from information_schema.columns
     where table_schema = 'public' and column_name in ('sha256', 'mapKey', 'blobKey')
       -- A copy, for the time of a freeze, of what images name.
       and table_name <> 'dataset_snapshot_item' order by 1`,
  );
  expect(rows.map(({ name }) => name)).toEqual([
    "image.sha256",
    "mask.sha256",
    "model_version.sha256",
    "prediction.mapKey",
    "run_probe.mapKey",
  ]);
});

test("an upload is in use until its import has ended", async () => {
  const { db } = database;
  const { projectId, engineer } = await aWorld(db);
  const uploadKey = randomUUID();
  const about = { projectId, createdById: engineer, fileName: "a.zip", sizeBytes: 1, uploadKey };
  const { id } = await db.imports.create(about);
  const asked = [uploadKey, randomUUID()];
  expect(await db.storedFiles.findNamedUploads(asked)).toEqual(new Set([uploadKey]));
  await db.imports.claim(id);
  expect(await db.storedFiles.findNamedUploads(asked)).toEqual(new Set([uploadKey]));
  await db.imports.finish(id, { status: "refused", error: "no" });
  expect(await db.storedFiles.findNamedUploads(asked)).toEqual(new Set());
});

test("a run needs its files until it has ended", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const queued = await aRun(db, world);
  const { lease } = await aTrainingRun(db, world);
  const ended = await aTrainingRun(db, world);
  await db.runs.finish(ended.lease, { status: "failed", error: "no" });
  const asked = [queued.id, lease.runId, ended.run.id, randomUUID()];
  expect(await db.storedFiles.findUnendedRuns(asked)).toEqual(new Set([queued.id, lease.runId]));
});

test("a claim is remembered, and no other", async () => {
  const { storedFiles } = database.db;
  const name = randomUUID();
  expect(await storedFiles.hasClaim(name)).toBe(false);
  await storedFiles.rememberClaim(name);
  await storedFiles.rememberClaim(name);
  expect(await storedFiles.hasClaim(name)).toBe(true);
  expect(await storedFiles.hasClaim("demo")).toBe(false);
});
