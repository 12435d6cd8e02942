import { expect, test } from "vitest";

import { aWorld, testDatabase } from "../../testing/index.ts";

const database = testDatabase();

test("one download of an encoder at a time, however many people ask for it", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const asking = { projectId: world.projectId, encoder: "dinov2-base" };
  const asked = await Promise.all(
    [world.engineer, world.reviewer, world.engineer].map((requestedById) =>
      db.encoderPulls.request({ ...asking, requestedById }),
    ),
  );
  expect(new Set(asked.map(({ pull }) => pull.id)).size).toBe(1);
  expect(asked.filter(({ isNew }) => isNew)).toHaveLength(1);

  const other = await db.encoderPulls.request({
    ...asking,
    encoder: "dinov2-small",
    requestedById: world.engineer,
  });
  expect(other.isNew).toBe(true);
  const encoders = (await db.encoderPulls.list(world.projectId)).map(({ encoder }) => encoder);
  expect(encoders).toEqual(["dinov2-small", "dinov2-base"]);
});

test("a download moves until it has ended, ends once, and can be asked for again", async () => {
  const { db } = database;
  const { projectId, engineer } = await aWorld(db);
  const asking = { projectId, encoder: "dinov2-base", requestedById: engineer };
  const { pull } = await db.encoderPulls.request(asking);
  expect(pull).toMatchObject({ status: "queued", bytesDone: 0, bytesTotal: 0, error: null });

  // Weights are larger than 32 bits can count.
  const bytes = { done: 3 * 2 ** 31, total: 2 ** 33 };
  expect(await db.encoderPulls.progress(pull.id, bytes)).toBe(true);
  expect(await db.encoderPulls.find(pull.id)).toMatchObject({
    projectId,
    status: "downloading",
    bytesDone: bytes.done,
    bytesTotal: bytes.total,
  });
  expect(await db.encoderPulls.finish(pull.id, { status: "failed", error: "no network" })).toBe(
    true,
  );
  expect(await db.encoderPulls.finish(pull.id, { status: "succeeded" })).toBe(false);
  expect(await db.encoderPulls.progress(pull.id, bytes)).toBe(false);
  expect(await db.encoderPulls.find(pull.id)).toMatchObject({
    status: "failed",
    error: "no network",
  });

  const again = await db.encoderPulls.request(asking);
  expect(again.isNew).toBe(true);
  expect(again.pull.id).not.toBe(pull.id);
});
