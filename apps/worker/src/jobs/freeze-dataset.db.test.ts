import { randomUUID } from "node:crypto";

import { runFreeze } from "@loupe/application";
import type { FreezeId, ProjectEventBody } from "@loupe/contracts";
import { aHash, anImage, aWorld, testDatabase, type World } from "@loupe/db/testing";
import { createLogger } from "@loupe/platform";
import { beforeEach, describe, expect, test } from "vitest";

import { freezeDataset } from "./freeze-dataset.ts";

const database = testDatabase();
const logger = createLogger("test", { level: "silent" });
let world: World;
beforeEach(async () => {
  world = await aWorld(database.db);
});

type Delivery = { readonly signal?: AbortSignal; readonly isLastAttempt?: boolean };

async function aFreeze(name?: string): Promise<FreezeId> {
  const { projectId, engineer: createdById } = world;
  const named = name === undefined ? {} : { name };
  return (await database.db.freezes.create({ projectId, createdById, ...named })).id;
}

function deliver(freezeId: FreezeId, { signal, isLastAttempt = false }: Delivery = {}) {
  return freezeDataset(
    { db: database.db },
    { freezeId },
    { signal: signal ?? new AbortController().signal, isLastAttempt, logger },
  );
}

const view = (id: FreezeId) => database.db.freezes.require(id, world.projectId);

async function events(): Promise<ProjectEventBody[]> {
  const rows = await database.db.events.listAfter(world.projectId, 0, 500);
  return rows.map(({ body }) => body);
}

async function snapshotRows(): Promise<number> {
  const { rows } = await database.db.pool.query<{ n: number }>(
    `select count(*)::int as n from "dataset_snapshot_item"`,
  );
  return rows[0]!.n;
}

/** Many good training images, made inside the database. */
async function addImages(count: number): Promise<void> {
  const { projectId, organisationId } = world;
  await anImage(database.db, { projectId });
  await database.db.pool.query(
    `insert into "image" ("id", "organizationId", "projectId", "categoryId", "sha256", "fileName", "sourcePath",
       "sizeBytes", "width", "height", "label", "split")
     select gen_random_uuid(), $2, $1, c."id", encode(sha256((n::text || $2)::bytea), 'hex'), n || '.png', n || '.png',
       1, 1, 1, 'good', 'train'
     from "category" c, generate_series(1, $3::int) n where c."projectId" = $1`,
    [projectId, organisationId, count],
  );
}

test("the version and the end of its freeze are there together, and told", async () => {
  const { db } = database;
  await addImages(12_000);
  const id = await aFreeze("Shift");
  await deliver(id);
  const [version] = await db.datasets.list(world.projectId);
  expect(version).toMatchObject({ name: "Shift", trainImages: 12_001, categories: ["part"] });
  expect(await view(id)).toMatchObject({
    status: "succeeded",
    imagesTotal: 12_001,
    version: { id: version!.id, number: 1, isNew: true },
  });
  const { rows } = await db.pool.query(
    `select count(*)::int as n from "dataset_item" where "datasetVersionId" = $1`,
    [version!.id],
  );
  expect(rows).toEqual([{ n: 12_001 }]);
  const told = await events();
  expect(told[0]).toMatchObject({ type: "dataset.freeze", status: "freezing", imagesDone: 0 });
  expect(told.slice(-2)).toMatchObject([
    { type: "dataset.freeze", freezeId: id, status: "succeeded" },
    { type: "dataset.frozen", datasetVersionId: version!.id },
  ]);
  expect(await snapshotRows()).toBe(0);
  const newest = await db.events.newestSequence(world.projectId);
  await deliver(id);
  expect(await db.events.newestSequence(world.projectId)).toBe(newest);
});

test("unchanged images give the version that there is, and the freeze says so", async () => {
  await addImages(3);
  const first = await aFreeze();
  await deliver(first);
  const again = await aFreeze("Again");
  await deliver(again);
  const { version } = await view(first);
  expect((await view(again)).version).toEqual({ ...version, isNew: false });
  expect((await events()).filter(({ type }) => type === "dataset.frozen")).toHaveLength(1);
});

test("images that come, change and get masks meanwhile do not tear the version", async () => {
  const { db } = database;
  const { projectId, engineer: createdById } = world;
  await addImages(11_000);
  const scratched = await anImage(db, { projectId, split: "test", label: "defective" });
  const order = { id: randomUUID(), projectId, createdById };
  const before = await db.datasets.takeSnapshot(randomUUID(), projectId);
  const wanted = await db.datasets.hashSnapshot(before, () => undefined);
  await db.datasets.dropSnapshot(before.id);
  let pages = 0;
  await runFreeze(db, order, {
    signal: new AbortController().signal,
    onProgress: async () => {
      pages += 1;
      await anImage(db, { projectId });
      await db.masks.create({ imageId: scratched.id, sha256: aHash() });
      await db.pool.query(`update "image" set "label" = 'unknown' where "id" = $1`, [scratched.id]);
    },
    conclude: (_tx, { version, isNew }) => {
      expect(isNew).toBe(true);
      expect(version).toMatchObject({
        manifestHash: wanted,
        trainImages: 11_001,
        testImages: 1,
        defectiveImages: 1,
      });
      return Promise.resolve();
    },
  });
  expect(pages).toBeGreaterThan(3);
  const [version] = await db.datasets.list(projectId);
  const items = await db.datasets.items(version!.id);
  expect(items).toHaveLength(11_002);
  expect(items.find(({ imageId }) => imageId === scratched.id)).toMatchObject({
    label: "defective",
    maskId: null,
  });
});

describe("a freeze that is delivered again", () => {
  test("after its worker was stopped begins anew, and leaves one version", async () => {
    await addImages(12_000);
    const id = await aFreeze();
    const stop = new AbortController();
    stop.abort(new Error("the worker stops"));
    await expect(deliver(id, { signal: stop.signal })).rejects.toThrow("the worker stops");
    expect((await view(id)).status).toBe("freezing");
    expect(await database.db.datasets.list(world.projectId)).toEqual([]);
    await anImage(database.db, { projectId: world.projectId });
    await deliver(id);
    expect(await database.db.datasets.list(world.projectId)).toMatchObject([
      { trainImages: 12_002 },
    ]);
    expect(await snapshotRows()).toBe(0);
  });

  test("by two workers at once gives one version", async () => {
    await addImages(100);
    const [a, b] = [await aFreeze(), await aFreeze()];
    await Promise.all([deliver(a), deliver(b)]);
    const ends = [await view(a), await view(b)];
    expect(ends.map(({ version }) => version?.isNew).toSorted()).toEqual([false, true]);
    expect(await database.db.datasets.list(world.projectId)).toHaveLength(1);
  });

  test("in vain says why, and leaves nothing", async () => {
    const id = await aFreeze();
    await deliver(id);
    expect(await view(id)).toMatchObject({ status: "failed", version: null });
    expect((await view(id)).error).toMatch(/^Expected images with a split/u);
    expect((await events()).at(-1)).toMatchObject({ type: "dataset.freeze", status: "failed" });
  });
});
