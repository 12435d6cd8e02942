import {
  ACTIVE_MODEL_RANK,
  type CaseRow,
  type ListCasesInput,
  type PredictionId,
} from "@loupe/contracts";
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";

import type { Database } from "../../database.ts";
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

const decide = (db: Database, { projectId, reviewer }: World, row: CaseRow) =>
  db.transaction((tx) =>
    tx.cases.giveVerdict({
      projectId,
      caseId: row.id,
      value: "good",
      defectType: null,
      note: "",
      seenVersion: row.version,
      idempotencyKey: randomUUID(),
      authorId: reviewer,
    }),
  );

async function queue(db: Database, { projectId }: World, limit = 500): Promise<CaseRow[]> {
  const seen: CaseRow[] = [];
  let cursor: ListCasesInput["cursor"] | null = null;
  do {
    const page: Awaited<ReturnType<Database["cases"]["list"]>> = await db.cases.list({
      projectId,
      state: "all",
      limit,
      ...(cursor && { cursor }),
    });
    seen.push(...page.rows);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return seen;
}

test("the first version of a project is active, and a later one is when somebody says so", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const { projectId } = world;
  expect(await db.models.active(projectId)).toBeNull();
  const first = await aModel(db, world);
  const second = await aModel(db, world);
  expect([first.isActive, second.isActive]).toEqual([true, false]);
  expect((await db.models.active(projectId))?.id).toBe(first.id);

  const { model } = await db.models.activate(second.id, projectId);
  expect(model).toMatchObject({ id: second.id, isActive: true });
  const listed = await db.models.list(projectId);
  expect(listed.map(({ number, isActive }) => [number, isActive])).toEqual([
    [2, true],
    [1, false],
  ]);
  const project = await db.projects.require(projectId, world.organisationId);
  expect(project.activeModel).toEqual({ id: second.id, number: 2, isRescoring: false });
});

test("a version of another project cannot be made active", async () => {
  const { db } = database;
  const [mine, theirs] = [await aWorld(db), await aWorld(db)];
  const model = await aModel(db, theirs);
  await expect(db.models.activate(model.id, mine.projectId)).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
});

test("what another version finds moves no case of the active one, and opens new ones after it", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const active = await aModel(db, world);
  const other = await aModel(db, world);
  const open = await aCase(db, world, { model: active, score: 0.1 });
  expect(await aCase(db, world, { model: other, imageId: open.imageId, score: 9 })).toEqual(open);
  const inspected = await aCase(db, world, { model: other, score: 9 });
  expect(inspected).toMatchObject({ modelVersionNumber: other.number, modelRank: other.number });
  expect((await queue(db, world)).map(({ id }) => id)).toEqual([open.id, inspected.id]);
});

test("cases of two versions never stand in one ranking, page by page either", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const models = [await aModel(db, world), await aModel(db, world), await aModel(db, world)];
  await db.models.activate(models[1]!.id, world.projectId);
  for (const score of [0.3, 0.9, 0.6]) {
    for (const model of models) await aCase(db, world, { model, score });
  }
  for (const limit of [500, 2]) {
    const rows = await queue(db, world, limit);
    expect(rows.map(({ modelVersionNumber, score }) => [modelVersionNumber, score])).toEqual(
      [2, 3, 1].flatMap((number) => [0.9, 0.6, 0.3].map((score) => [number, score])),
    );
  }
});

test("activating moves what the version has scored, lists the rest, and leaves what is decided", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const { projectId } = world;
  const old = await aModel(db, world);
  const [both, rest, decided] = [
    await aCase(db, world, { model: old, score: 0.2 }),
    await aCase(db, world, { model: old, score: 0.3 }),
    await aCase(db, world, { model: old, score: 0.4 }),
  ];
  const { row: settled } = await decide(db, world, decided);
  const next = await aModel(db, world);
  for (const row of [both, decided]) {
    const { imageId } = row;
    const prediction = { modelVersionId: next.id, imageId, score: 0.8, mapKey: aHash() };
    await db.predictions.upsert(prediction);
  }

  const { moved, remaining } = await db.models.activate(next.id, projectId);
  expect({ moved, remaining }).toEqual({ moved: 1, remaining: 1 });
  const byId = new Map((await queue(db, world)).map((row) => [row.id, row]));
  expect(byId.get(both.id)).toMatchObject({
    score: 0.8,
    version: both.version + 1,
    modelRank: ACTIVE_MODEL_RANK,
  });
  expect(byId.get(rest.id)).toMatchObject({ score: 0.3, version: rest.version, modelRank: 1 });
  expect(byId.get(decided.id)).toEqual({ ...settled, modelRank: 1 });

  const question = { modelVersionId: next.id, after: null, limit: 10 };
  expect(await db.cases.listToRescore(question)).toMatchObject([
    { id: rest.id, imageId: rest.imageId, category: "part" },
  ]);
  expect(await db.cases.listToRescore({ ...question, after: rest.id })).toEqual([]);
  expect(await db.cases.listToRescore({ ...question, modelVersionId: old.id })).toEqual([]);

  const project = () => db.projects.require(projectId, world.organisationId);
  expect((await project()).activeModel?.isRescoring).toBe(true);
  expect(await db.models.endRescoring(old.id)).toEqual({ projectId, hasEnded: false });
  expect(await db.models.endRescoring(next.id)).toEqual({ projectId, hasEnded: true });
  expect((await project()).activeModel?.isRescoring).toBe(false);
});

test("a prediction that a verdict names stays as it was seen, and others are scored anew", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const model = await aModel(db, world);
  const decided = await aCase(db, world, { model, score: 0.5 });
  await decide(db, world, decided);
  const open = await aCase(db, world, { model, score: 0.5 });
  const fresh = await anImage(db, { projectId: world.projectId, split: "test" });
  const rows = [decided.imageId, open.imageId, fresh.id].map((imageId) => ({
    imageId,
    score: 0.7,
    mapKey: aHash(),
  }));
  const ids = await db.predictions.upsertMany(model.id, rows);
  expect(ids.get(decided.imageId)).toBe(decided.predictionId);
  expect(ids.get(open.imageId)).toBe(open.predictionId);
  expect(ids.size).toBe(3);
  const scores = await db.pool.query<{ imageId: string; score: number }>(
    `select "imageId", "score" from "prediction" where "modelVersionId" = $1`,
    [model.id],
  );
  const scoreOf = new Map(scores.rows.map(({ imageId, score }) => [imageId, score]));
  expect(rows.map(({ imageId }) => scoreOf.get(imageId))).toEqual([0.5, 0.7, 0.7]);
});

test("the database itself refuses to change or remove a prediction that a verdict names", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const model = await aModel(db, world);
  const decided = await aCase(db, world, { model });
  const open = await aCase(db, world, { model });
  await decide(db, world, decided);
  const change = (id: PredictionId) =>
    db.pool.query(`update "prediction" set "score" = 9 where "id" = $1`, [id]);
  const remove = `delete from "prediction" where "id" = $1`;
  await expect(change(decided.predictionId)).rejects.toThrow(/never changed: UPDATE refused/);
  await expect(db.pool.query(remove, [decided.predictionId])).rejects.toThrow(/DELETE refused/);
  expect((await change(open.predictionId)).rowCount).toBe(1);
  await db.pool.query(`delete from "organization" where "id" = $1`, [world.organisationId]);
  const { rowCount } = await db.pool.query(`select 1 from "prediction" where "id" = $1`, [
    decided.predictionId,
  ]);
  expect(rowCount).toBe(0);
});

test("versions made active at once, with verdicts and new scores between, leave one and its ranks", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const { projectId } = world;
  const models = [await aModel(db, world), await aModel(db, world)];
  const rows: CaseRow[] = [];
  for (let i = 0; i < 6; i++) rows.push(await aCase(db, world, { model: models[0]!, score: i }));
  await Promise.all([
    ...models.map(({ id }) => db.models.activate(id, projectId)),
    ...rows.slice(0, 3).map((row) => decide(db, world, row).catch(() => null)),
    ...models.map(({ id }) =>
      db.transaction(async (tx) => {
        const scored = rows.map(({ imageId }) => ({ imageId, score: 7, mapKey: aHash() }));
        const ids = await tx.predictions.upsertMany(id, scored);
        await tx.cases.openOrRefresh(
          projectId,
          [...ids].map(([imageId, predictionId]) => ({ imageId, predictionId, category: "part" })),
        );
        await tx.events.append(projectId, { type: "cases.changed", count: 1 });
      }),
    ),
  ]);
  const active = await db.models.active(projectId);
  for (const row of await queue(db, world)) {
    const rank = row.modelVersionId === active?.id ? ACTIVE_MODEL_RANK : row.modelVersionNumber;
    expect(row.modelRank).toBe(rank);
  }
});
