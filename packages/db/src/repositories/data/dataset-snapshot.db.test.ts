import { createHash, randomUUID } from "node:crypto";

import { expect, test } from "vitest";

import { aHash, anImage, aWorld, testDatabase } from "../../testing/index.ts";

const database = testDatabase();

test("the hash is that of one line an image in the order of the content hashes, as it always was", async () => {
  const { db } = database;
  const { projectId, engineer: createdById } = await aWorld(db);
  const lines: string[] = [];
  for (let i = 0; i < 9; i++) {
    const isDefective = i % 3 === 0;
    const image = await anImage(db, {
      projectId,
      category: `kind ${i % 2}`,
      split: isDefective ? "test" : "train",
      label: isDefective ? "defective" : "good",
      defectType: isDefective ? `scratch "${i}"` : null,
    });
    const mask = isDefective ? await db.masks.create({ imageId: image.id, sha256: aHash() }) : null;
    const { sha256, split, label, category, defectType } = image;
    lines.push(
      JSON.stringify([sha256, split, label, category, defectType, mask?.sha256 ?? null]) + "\n",
    );
  }
  const wanted = createHash("sha256").update(lines.toSorted().join("")).digest("hex");
  const { version } = await db.datasets.freeze({ projectId, createdById });
  expect(version.manifestHash).toBe(wanted);
  expect(version).toMatchObject({
    trainImages: 6,
    testImages: 3,
    defectiveImages: 3,
    categories: ["kind 0", "kind 1"],
  });
});

test("a snapshot is read page by page, and taken again under its id it replaces itself", async () => {
  const { db } = database;
  const { projectId, organisationId } = await aWorld(db);
  await anImage(db, { projectId });
  await db.pool.query(
    `insert into "image" ("id", "organizationId", "projectId", "categoryId", "sha256", "fileName", "sourcePath",
       "sizeBytes", "width", "height", "label", "split")
     select gen_random_uuid(), $2, $1, c."id", encode(sha256(n::text::bytea), 'hex'), 'a', 'a', 1, 1, 1, 'good', 'train'
     from "category" c, generate_series(1, 10500) n where c."projectId" = $1`,
    [projectId, organisationId],
  );
  const id = randomUUID();
  await db.datasets.takeSnapshot(id, projectId);
  const snapshot = await db.datasets.takeSnapshot(id, projectId);
  expect(snapshot.images).toBe(10_501);
  const pages: number[] = [];
  await db.datasets.hashSnapshot(snapshot, (done) => void pages.push(done));
  expect(pages).toEqual([5_000, 10_000, 10_501]);
  await db.datasets.dropSnapshot(id);
  const { rows } = await db.pool.query(
    `select 1 from "dataset_snapshot_item" where "snapshotId" = $1`,
    [id],
  );
  expect(rows).toEqual([]);
});
