import { ACTIVE_MODEL_RANK } from "@loupe/contracts";
import { expect, test } from "vitest";

import { aCase, aHash, aModel, anImage, aWorld, testDatabase } from "../../testing/index.ts";

const database = testDatabase();

test("says which cases were opened or moved, and gives those that are asked for by id", async () => {
  const { db } = database;
  const [world, other] = [await aWorld(db), await aWorld(db)];
  const model = await aModel(db, world);
  const [first, second] = [await aCase(db, world, { model }), await aCase(db, world, { model })];
  const foreign = await aCase(db, other);
  const next = await aModel(db, world);
  const ids = await db.predictions.upsertMany(next.id, [
    { imageId: first.imageId, score: 0.7, mapKey: aHash() },
  ]);
  await db.models.activate(next.id, world.projectId);
  const image = await anImage(db, { projectId: world.projectId, split: "test" });
  const fresh = await db.predictions.upsertMany(next.id, [
    { imageId: image.id, score: 0.9, mapKey: aHash() },
    { imageId: first.imageId, score: 0.8, mapKey: aHash() },
  ]);
  expect(ids.get(first.imageId)).toBe(fresh.get(first.imageId));
  const changed = await db.cases.openOrRefresh(
    world.projectId,
    [image.id, first.imageId].map((imageId) => {
      return { imageId, predictionId: fresh.get(imageId)!, category: "part" };
    }),
  );
  expect(changed).toHaveLength(2);
  expect(changed).toContain(first.id);

  const rows = await db.cases.listByIds({
    projectId: world.projectId,
    caseIds: [...changed, second.id, foreign.id],
  });
  const byId = new Map(rows.map((row) => [row.id, row]));
  expect([...byId.keys()].toSorted()).toEqual([...changed, second.id].toSorted());
  expect(byId.get(second.id)).toEqual({ ...second, modelRank: second.modelVersionNumber });
  expect(byId.get(first.id)).toMatchObject({ score: 0.8, modelRank: ACTIVE_MODEL_RANK });
});
