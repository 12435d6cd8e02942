import { randomUUID } from "node:crypto";

import type { CaseRow, InspectionId, ModelVersionView } from "@loupe/contracts";
import { beforeEach, expect, test } from "vitest";

import {
  aCase,
  aHash,
  aModel,
  anImage,
  aWorld,
  testDatabase,
  type World,
} from "../../testing/index.ts";

const database = testDatabase();
let world: World;
let model: ModelVersionView;
beforeEach(async () => {
  world = await aWorld(database.db);
  model = await aModel(database.db, world);
  await anImage(database.db, { projectId: world.projectId, category: "part" });
});

async function anInspection(scoredBy = model): Promise<InspectionId> {
  const { id } = await database.db.inspections.create({
    projectId: world.projectId,
    modelVersionId: scoredBy.id,
    createdById: world.engineer,
  });
  return id;
}

/** A new picture of an inspection, with its case once it is scored. */
async function aPicture(inspectionId: InspectionId, sha256 = aHash()) {
  const { db } = database;
  const image = await anImage(db, {
    projectId: world.projectId,
    category: "part",
    sha256,
    split: null,
    origin: "inspection",
    label: "unknown",
  });
  await db.inspections.addImage(inspectionId, image.id);
  return image;
}

async function aScoredPicture(
  inspectionId: InspectionId,
  { sha256 = aHash(), scoredBy = model, score = 0.5 } = {},
): Promise<CaseRow> {
  const { id: imageId } = await aPicture(inspectionId, sha256);
  return aCase(database.db, world, {
    model: scoredBy,
    imageId,
    category: "part",
    inspectionId,
    score,
  });
}

const cancel = (id: InspectionId) => database.db.inspections.cancel(id, world.projectId);

const decide = (row: CaseRow) =>
  database.db.transaction((tx) =>
    tx.cases.giveVerdict({
      projectId: world.projectId,
      caseId: row.id,
      value: "good",
      defectType: null,
      note: "",
      seenVersion: row.version,
      idempotencyKey: randomUUID(),
      authorId: world.reviewer,
    }),
  );

async function countRows(): Promise<Record<string, number>> {
  const { rows } = await database.db.pool.query<Record<string, number>>(
    `select (select count(*) from "case" where "projectId" = $1)::int as "cases",
       (select count(*) from "image" where "projectId" = $1 and "origin" = 'inspection')::int as "images",
       (select count(*) from "prediction" where "modelVersionId" = $2)::int as "predictions",
       (select count(*) from "inspection_image" x join "inspection" i on i."id" = x."inspectionId"
         where i."projectId" = $1)::int as "inspected"`,
    [world.projectId, model.id],
  );
  return rows[0]!;
}

const NOTHING = { cases: 0, images: 0, predictions: 0, inspected: 0 };

test.each(["uploading", "queued", "scoring"] as const)(
  "one that is %s leaves nothing",
  async (status) => {
    const { db } = database;
    const id = await anInspection();
    await aPicture(id);
    if (status !== "uploading") await db.inspections.markQueued(id);
    if (status === "scoring") {
      await db.inspections.claim(id);
      await aScoredPicture(id);
      await db.pool.query(`update inspection set "imagesDone" = 1 where id = $1`, [id]);
    }
    const { inspection, isNew } = await cancel(id);
    expect(isNew).toBe(true);
    expect(inspection).toMatchObject({
      status: "cancelled",
      imagesTotal: 0,
      error: `Cancelled after ${status === "scoring" ? "1 of 2 pictures" : "0 of 1 picture"}. Nothing of it was kept.`,
    });
    expect(await countRows()).toEqual(NOTHING);
    expect(await db.inspections.claim(id)).toBeNull();
    expect(await cancel(id)).toMatchObject({ isNew: false, cases: [], inspection });
  },
);

test("what people have given a verdict on stays, and is counted", async () => {
  const { db } = database;
  const id = await anInspection();
  const kept = await aScoredPicture(id);
  await aScoredPicture(id);
  await decide(kept);
  const { inspection, cases } = await cancel(id);
  expect(inspection.error).toMatch(/1 case with a verdict stays\.$/u);
  expect(inspection).toMatchObject({ imagesDone: 1, imagesTotal: 1 });
  expect(cases).toHaveLength(2);
  expect(await countRows()).toEqual({
    cases: 1,
    images: 1,
    predictions: 1,
    inspected: 1,
  });
  const view = await db.cases.require(kept.id, world.projectId);
  expect(view).toMatchObject({ state: "decided", inspectionId: id });
});

test("a verdict that is being given while somebody cancels is not lost", async () => {
  const { db } = database;
  const id = await anInspection();
  const row = await aScoredPicture(id);
  let cancelled: Promise<unknown> = Promise.resolve();
  await db.transaction(async (tx) => {
    await tx.cases.giveVerdict({
      projectId: world.projectId,
      caseId: row.id,
      value: "good",
      defectType: null,
      note: "",
      seenVersion: row.version,
      idempotencyKey: randomUUID(),
      authorId: world.reviewer,
    });
    cancelled = cancel(id);
    // It waits for the verdict's end before it looks for verdicts.
    await tx.sql.query("select pg_sleep(0.3)::text");
  });
  await cancelled;
  expect((await db.cases.require(row.id, world.projectId)).verdicts).toHaveLength(1);
});

test("a case from before goes back to the score that it had", async () => {
  const { db } = database;
  const first = await anInspection();
  const sha256 = aHash();
  const before = await aScoredPicture(first, { sha256, score: 0.25 });
  await db.inspections.markQueued(first);
  await db.inspections.finish(first, { status: "succeeded" });
  const newer = await aModel(db, world);
  await db.models.activate(newer.id, world.projectId);
  const second = await anInspection(newer);
  const moved = await aScoredPicture(second, { sha256, scoredBy: newer, score: 0.75 });
  expect(moved).toMatchObject({ id: before.id, inspectionId: second, score: 0.75 });

  await cancel(second);
  const { predictionId, score, standardScore } = before;
  expect(await db.cases.require(before.id, world.projectId)).toMatchObject({
    inspectionId: first,
    predictionId,
    score,
    standardScore,
  });
  const { counts } = await db.cases.list({
    projectId: world.projectId,
    state: "all",
    inspectionId: first,
    limit: 9,
  });
  expect(counts.open).toBe(1);
});

test("a picture and a score that another inspection uses stay", async () => {
  const { db } = database;
  const [first, second] = [await anInspection(), await anInspection()];
  const sha256 = aHash();
  const shared = await aScoredPicture(first, { sha256 });
  await aScoredPicture(second, { sha256 });
  await cancel(second);
  expect(await db.inspections.images(first)).toMatchObject([{ imageId: shared.imageId }]);
  expect(await db.cases.require(shared.id, world.projectId)).toMatchObject({
    predictionId: shared.predictionId,
  });
  await cancel(first);
  expect(await countRows()).toEqual(NOTHING);
});

test("one that has ended is not cancelled", async () => {
  const { db } = database;
  const id = await anInspection();
  await db.inspections.markQueued(id);
  await db.inspections.finish(id, { status: "succeeded" });
  await expect(cancel(id)).rejects.toMatchObject({ code: "INSPECTION_ALREADY_FINISHED" });
  const elsewhere = await aWorld(db);
  await expect(db.inspections.cancel(id, elsewhere.projectId)).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
});
