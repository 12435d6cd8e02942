import type { ImageId, UserId } from "@loupe/contracts";
import { expect, test } from "vitest";

import { aCase, aHash, aModel, anImage, aWorld, testDatabase } from "../../testing/index.ts";

const database = testDatabase();

test("an inspection is filled, queued, scored and ended", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const { projectId, reviewer } = world;
  const model = await aModel(db, world);
  const draft = await db.inspections.create({
    projectId,
    modelVersionId: model.id,
    createdById: reviewer,
  });
  expect(draft).toMatchObject({ name: "Inspection 1", status: "uploading", imagesTotal: 0 });
  expect(await db.inspections.claim(draft.id)).toBeNull();

  const unknown = { projectId, split: null, label: "unknown" } as const;
  const [one, two] = [await anImage(db, unknown), await anImage(db, unknown)];
  for (const image of [one, two, two]) await db.inspections.addImage(draft.id, image.id);
  expect(await db.inspections.markQueued(draft.id)).toMatchObject({
    status: "queued",
    imagesTotal: 2,
  });
  const claimed = await db.inspections.claim(draft.id);
  expect(claimed).toMatchObject({ modelSha256: model.sha256, projectId });
  expect(await db.inspections.claim(draft.id)).toEqual(claimed);
  const opened = await aCase(db, world, { model, imageId: one.id, inspectionId: draft.id });
  expect(opened.inspectionId).toBe(draft.id);
  const token = (await db.leases.take({ kind: "inspection", id: draft.id }, "worker"))!;
  await db.inspections.takeImages({ id: draft.id, limit: 9 }, token);
  const images = [
    { imageId: one.id, error: null },
    { imageId: two.id, error: "damaged" },
  ];
  const { view, left } = await db.transaction((tx) =>
    tx.inspections.completeImages({ id: draft.id, images }, token),
  );
  expect([view.imagesDone, left]).toEqual([2, 0]);
  expect((await db.inspections.images(draft.id)).map(({ error }) => error).sort()).toEqual([
    "damaged",
    null,
  ]);
  const ended = await db.inspections.finish(draft.id, { status: "succeeded" });
  expect(ended).toMatchObject({ status: "succeeded", finishedAt: expect.any(Date) as Date });
  expect(await db.inspections.claim(draft.id)).toBeNull();
  expect(await db.inspections.list(projectId)).toEqual([ended]);
});

test("a picture that was inspected first still gets its split from an import, and decides nothing", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const { projectId, organisationId } = world;
  await anImage(db, { projectId });
  const sha256 = aHash();
  const bytes = { projectId, sha256 };
  const inspected = await anImage(db, {
    ...bytes,
    split: null,
    label: "unknown",
    origin: "inspection",
  });
  const again = await anImage(db, {
    ...bytes,
    split: null,
    label: "unknown",
    origin: "inspection",
  });
  expect(again.id).toBe(inspected.id);
  expect(await db.images.findByHash(projectId, sha256)).toBeNull();

  const imported = await anImage(db, { ...bytes, split: "test" });
  expect(imported.id).not.toBe(inspected.id);
  expect(imported.split).toBe("test");
  const { version } = await db.datasets.freeze({ projectId, createdById: world.engineer });
  const items = await db.datasets.items(version.id);
  expect(items.map(({ imageId }) => imageId)).not.toContain(inspected.id);
  expect(items).toHaveLength(2);
  expect((await db.projects.require(projectId, organisationId)).imageCount).toBe(2);
});

test("an inspected picture makes no category", async () => {
  const { db } = database;
  const { projectId } = await aWorld(db);
  const image = { projectId, category: "made up", split: null, origin: "inspection" } as const;
  await expect(anImage(db, image)).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(await db.images.countByCategory(projectId)).toEqual([]);
});

test("an inspection cannot use a model of another project", async () => {
  const { db } = database;
  const [mine, theirs] = [await aWorld(db), await aWorld(db)];
  const { id: modelVersionId } = await aModel(db, theirs);
  const { projectId, reviewer: createdById } = mine;
  await expect(
    db.inspections.create({ projectId, modelVersionId, createdById }),
  ).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("workers are known while they beat, and found when they stop", async () => {
  const { db } = database;
  const worker = {
    id: "worker-1",
    name: "Line 1",
    providers: ["cpu" as const],
    devices: [{ provider: "cpu" as const, device: "Two cores" }],
    encoders: [
      {
        name: "resnet18",
        kind: "conv" as const,
        inputSize: 256,
        channels: [64, 128, 256],
        grid: 16,
        sizeBytes: 1_000,
        gigaMacsPerImage: 1.8,
        family: "resnet",
        layerNames: ["layer1", "layer2", "layer3"],
        textWidth: null,
        transformer: null,
      },
    ],
    graphileIds: ["pool-1"],
  };
  await db.workers.register(worker);
  await db.workers.register(worker);
  expect(await db.workers.listAlive(10_000)).toMatchObject([
    { id: "worker-1", providers: ["cpu"], devices: worker.devices, encoders: worker.encoders },
  ]);
  expect(await db.workers.listDead(10_000)).toEqual([]);
  await db.pool.query(`update "worker_node" set "heartbeatAt" = now() - interval '1 minute'`);
  expect(await db.workers.listAlive(10_000)).toEqual([]);
  expect(await db.workers.listDead(10_000)).toEqual([
    { id: "worker-1", name: "Line 1", graphileIds: ["pool-1"] },
  ]);
  await db.workers.remove("worker-1");
});

test("an inspection and its images keep the site of their time, those of an import its own", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const { projectId, organisationId, reviewer, engineer } = world;
  const model = await aModel(db, world);
  const atSite = async (name: string, userId: UserId) => {
    const { rows } = await db.pool.query<{ id: string }>(
      `insert into "site" ("id", "organizationId", "name") values (gen_random_uuid(), $1, $2) returning "id"`,
      [organisationId, name],
    );
    await db.pool.query(`update "member" set "siteId" = $1 where "userId" = $2`, [
      rows[0]!.id,
      userId,
    ]);
  };
  const inspect = async (...imageIds: ImageId[]) => {
    const scored = { projectId, modelVersionId: model.id, createdById: reviewer };
    const { id } = await db.inspections.create(scored);
    for (const imageId of imageIds) await db.inspections.addImage(id, imageId);
    return db.inspections.markQueued(id);
  };
  const inspected = { projectId, split: null, label: "unknown", origin: "inspection" } as const;
  const [early, late] = [await anImage(db, inspected), await anImage(db, inspected)];

  await atSite("North", reviewer);
  expect(await inspect(early.id)).toMatchObject({ site: "North" });
  await atSite("South", reviewer);
  expect(await inspect(early.id, late.id)).toMatchObject({ site: "South" });
  await atSite("West", engineer);
  const { id: importId } = await db.imports.create({
    projectId,
    createdById: engineer,
    fileName: "parts.zip",
    sizeBytes: 1,
    uploadKey: aHash(),
  });
  await db.pool.query(`update "member" set "siteId" = null where "userId" = $1`, [engineer]);
  const imported = await anImage(db, { projectId, importId });
  const nowhere = await anImage(db, { projectId });
  await db.pool.query(`update "site" set "name" = 'New ' || "name" where "name" <> 'South'`);
  await db.pool.query(`delete from "site" where "name" = 'South'`);

  const { rows } = await db.pool.query<{ id: string; siteName: string | null }>(
    `select "id", "siteName" from "image" where "projectId" = $1`,
    [projectId],
  );
  const sites = new Map(rows.map(({ id, siteName }) => [id, siteName]));
  expect([early, late, imported, nowhere].map(({ id }) => sites.get(id))).toEqual([
    "North",
    "South",
    "West",
    null,
  ]);
  const views = await db.inspections.list(projectId);
  expect(views.map(({ site }) => site)).toEqual(["South", "North"]);
});
