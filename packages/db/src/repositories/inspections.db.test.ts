import { expect, test } from "vitest";

import { aCase, aModel, anImage, aWorld, testDatabase } from "../testing/index.ts";

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
  await db.inspections.markImageFailed(draft.id, two.id, "damaged");
  expect(await db.inspections.setProgress(draft.id, 2)).toMatchObject({ imagesDone: 2 });
  expect((await db.inspections.images(draft.id)).map(({ error }) => error).sort()).toEqual([
    "damaged",
    null,
  ]);
  const ended = await db.inspections.finish(draft.id, { status: "succeeded" });
  expect(ended).toMatchObject({ status: "succeeded", finishedAt: expect.any(Date) as Date });
  expect(await db.inspections.claim(draft.id)).toBeNull();
  expect(await db.inspections.list(projectId)).toEqual([ended]);
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
  expect(await db.workers.heartbeat("worker-1")).toBe(true);
  await db.workers.remove("worker-1");
  expect(await db.workers.heartbeat("worker-1")).toBe(false);
});
