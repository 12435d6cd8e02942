import type { ImageId, InspectionId } from "@loupe/contracts";
import { expect, test } from "vitest";

import { aModel, anImage, aWorld, testDatabase } from "../../testing/index.ts";
import type { LeaseToken } from "../runs/leases.ts";

const database = testDatabase();

/** An inspection at scoring with so many images. */
async function anInspection(images: number): Promise<InspectionId> {
  const { db } = database;
  const world = await aWorld(db);
  const { projectId, reviewer } = world;
  const model = await aModel(db, world);
  const { id } = await db.inspections.create({
    projectId,
    modelVersionId: model.id,
    createdById: reviewer,
  });
  for (let at = 0; at < images; at++) {
    const image = await anImage(db, { projectId, split: null, label: "unknown" });
    await db.inspections.addImage(id, image.id);
  }
  await db.inspections.markQueued(id);
  await db.inspections.claim(id);
  return id;
}

async function aShare(id: InspectionId, worker: string): Promise<LeaseToken> {
  return (await database.db.leases.take({ kind: "inspection", id }, worker))!;
}

async function take(id: InspectionId, token: LeaseToken, limit = 3): Promise<ImageId[]> {
  const { images } = await database.db.inspections.takeImages({ id, limit }, token);
  return images.map(({ imageId }) => imageId);
}

function complete(id: InspectionId, token: LeaseToken, images: readonly ImageId[]) {
  const done = { id, images: images.map((imageId) => ({ imageId, error: null })) };
  return database.db.transaction((tx) => tx.inspections.completeImages(done, token));
}

test("workers that take at the same moment get different images", async () => {
  const id = await anInspection(20);
  const tokens = await Promise.all(["a", "b", "c", "d"].map((worker) => aShare(id, worker)));
  const taken: ImageId[] = [];
  while (taken.length < 20) {
    const parts = await Promise.all(tokens.map((token) => take(id, token)));
    taken.push(...parts.flat());
  }
  expect(new Set(taken).size).toBe(20);
  expect(await take(id, tokens[0]!)).toEqual([]);
});

test("says whether there are more, and counts what is left", async () => {
  const { inspections } = database.db;
  const id = await anInspection(5);
  const token = await aShare(id, "a");
  const first = await inspections.takeImages({ id, limit: 3 }, token);
  expect([first.images.length, first.hasMore]).toEqual([3, true]);
  const { view, left } = await complete(
    id,
    token,
    first.images.map(({ imageId }) => imageId),
  );
  expect([view.imagesDone, left, await inspections.countLeft(id)]).toEqual([3, 2, 2]);
  const rest = await inspections.takeImages({ id, limit: 3 }, token);
  expect([rest.images.length, rest.hasMore]).toEqual([2, false]);
});

test("what a worker did not finish is free when its lease is gone, and its writes are refused", async () => {
  const { db } = database;
  const id = await anInspection(4);
  const lost = await aShare(id, "a");
  const taken = await take(id, lost, 4);
  await complete(id, lost, taken.slice(0, 1));
  await db.leases.releaseOf("a");
  const token = await aShare(id, "b");
  expect(await take(id, token, 4)).toEqual(taken.slice(1));
  await expect(complete(id, lost, taken.slice(1))).rejects.toThrow("Expected to hold the lease");
  await expect(take(id, lost)).resolves.toEqual([]);
  await db.leases.release(token);
  // It could not even take more: the token names nothing.
  await expect(take(id, lost)).rejects.toThrow();
  expect((await db.inspections.images(id)).length - (await db.inspections.countLeft(id))).toBe(1);
});

test("an image is completed once", async () => {
  const id = await anInspection(2);
  const token = await aShare(id, "a");
  const taken = await take(id, token);
  await complete(id, token, taken);
  await expect(complete(id, token, taken)).rejects.toThrow("Expected to hold the lease");
});
