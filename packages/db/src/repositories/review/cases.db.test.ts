import {
  type CaseRow,
  type GiveVerdictInput,
  isAppError,
  type ListCasesInput,
} from "@loupe/contracts";
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";

import {
  aCase,
  aHash,
  aModel,
  anImage,
  aPerson,
  aWorld,
  testDatabase,
  type World,
} from "../../testing/index.ts";
import type { NewVerdict } from "./case-types.ts";

const database = testDatabase();

function aVerdict(
  world: World,
  given: Partial<NewVerdict> & Pick<NewVerdict, "caseId">,
): NewVerdict {
  const defaults: Omit<GiveVerdictInput, "caseId" | "overturnReason"> = {
    projectId: world.projectId,
    value: "good",
    defectType: null,
    note: "",
    seenVersion: 0,
    idempotencyKey: randomUUID(),
  };
  return { ...defaults, authorId: world.reviewer, ...given };
}

const give = (verdict: NewVerdict) =>
  database.db.transaction((tx) => tx.cases.giveVerdict(verdict));

async function verdictCount(row: CaseRow): Promise<number> {
  const { rows } = await database.db.pool.query<{ n: number }>(
    `select count(*)::int as n from "verdict" where "caseId" = $1`,
    [row.id],
  );
  return rows[0]!.n;
}

test("a verdict decides the case and raises its version", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const open = await aCase(db, world);
  const verdict = aVerdict(world, { caseId: open.id, value: "defective", defectType: "scratch" });
  const { row, isNew } = await give(verdict);
  expect(isNew).toBe(true);
  expect(row).toMatchObject({
    state: "decided",
    version: 1,
    verdict: { value: "defective", defectType: "scratch", author: { name: "Reviewer" } },
  });
  const view = await db.cases.require(open.id, world.projectId);
  expect(view.verdicts).toEqual([row.verdict]);
  expect(await db.cases.defectTypes(world.projectId)).toEqual(["scratch"]);
});

test("unsure passes the case on, and the next verdict decides", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const open = await aCase(db, world);
  const first = await give(aVerdict(world, { caseId: open.id, value: "unsure" }));
  expect(first.row).toMatchObject({ state: "in_review", version: 1 });
  const second = await give(aVerdict(world, { caseId: open.id, seenVersion: 1 }));
  expect(second.row).toMatchObject({ state: "decided", version: 2, verdict: { value: "good" } });
});

test("of simultaneous verdicts on one version exactly one wins, the others learn what changed", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const open = await aCase(db, world, { score: 0.75 });
  const authors = await Promise.all(
    Array.from({ length: 6 }, (_, index) =>
      aPerson(db, {
        organisationId: world.organisationId,
        role: "reviewer",
        name: `Reviewer ${index}`,
      }),
    ),
  );
  const outcomes = await Promise.allSettled(
    authors.map((authorId) => give(aVerdict(world, { caseId: open.id, authorId }))),
  );
  const winners = outcomes.flatMap((outcome) =>
    outcome.status === "fulfilled" ? [outcome.value.row] : [],
  );
  expect(winners).toHaveLength(1);
  for (const outcome of outcomes) {
    if (outcome.status === "fulfilled") continue;
    const refusal: unknown = outcome.reason;
    expect(isAppError(refusal) && refusal.code).toBe("CASE_CHANGED");
    expect(isAppError(refusal) && refusal.details["change"]).toEqual({
      currentVersion: 1,
      state: "decided",
      verdict: winners[0]!.verdict,
      score: 0.75,
    });
  }
  expect(await verdictCount(open)).toBe(1);
});

test("doubles of one request, also at the same time, give one verdict and the same answer", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const open = await aCase(db, world);
  const verdict = aVerdict(world, { caseId: open.id });
  const answers = await Promise.all(Array.from({ length: 5 }, () => give(verdict)));
  answers.push(await give(verdict));
  expect(answers.filter((answer) => answer.isNew)).toHaveLength(1);
  for (const answer of answers) expect(answer.row).toEqual(answers[0]!.row);
  expect(await verdictCount(open)).toBe(1);
});

test("a key that another verdict used is refused", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const [one, two] = [await aCase(db, world), await aCase(db, world)];
  const idempotencyKey = randomUUID();
  await give(aVerdict(world, { caseId: one.id, idempotencyKey }));
  const other = give(aVerdict(world, { caseId: two.id, idempotencyKey }));
  await expect(other).rejects.toMatchObject({ code: "BAD_INPUT" });
});

test("a verdict cannot reach a case of another project", async () => {
  const { db } = database;
  const [mine, theirs] = [await aWorld(db), await aWorld(db)];
  const open = await aCase(db, theirs);
  const reached = give(aVerdict(mine, { caseId: open.id }));
  await expect(reached).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(await db.cases.find(open.id, mine.projectId)).toBeNull();
});

test("a model that is made active moves an undecided case and outdates what people saw; a decided one stays", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const [undecided, decided] = [
    await aCase(db, world, { score: 0.2 }),
    await aCase(db, world, { score: 0.3 }),
  ];
  const { row: settled } = await give(aVerdict(world, { caseId: decided.id }));
  const model = await aModel(db, world);
  await db.models.activate(model.id, world.projectId);
  const moved = await aCase(db, world, { model, imageId: undecided.imageId, score: 0.9 });
  expect(moved).toMatchObject({
    id: undecided.id,
    version: 1,
    score: 0.9,
    modelVersionId: model.id,
  });
  expect(await aCase(db, world, { model, imageId: decided.imageId, score: 0.8 })).toEqual(settled);
  const outdated = give(aVerdict(world, { caseId: undecided.id, seenVersion: 0 }));
  await expect(outdated).rejects.toMatchObject({
    code: "CASE_CHANGED",
    details: { change: { currentVersion: 1, verdict: null, score: 0.9 } },
  });
});

test("scoring again with the same result changes no case", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const model = await aModel(db, world);
  const open = await aCase(db, world, { model, score: 0.5 });
  expect(await aCase(db, world, { model, imageId: open.imageId, score: 0.5 })).toEqual(open);
  const rows = [{ imageId: open.imageId, predictionId: open.predictionId, category: "part" }];
  expect(await db.cases.openOrRefresh(world.projectId, rows)).toEqual([]);
});

test("no case is opened about an image or a prediction of another project", async () => {
  const { db } = database;
  const [mine, theirs] = [await aWorld(db), await aWorld(db)];
  const foreign = await aCase(db, theirs);
  const image = await anImage(db, { projectId: mine.projectId, split: "test" });
  const { predictionId } = foreign;
  const rows = [
    { imageId: foreign.imageId, predictionId, category: "part" },
    { imageId: image.id, predictionId, category: "part" },
  ];
  expect(await db.cases.openOrRefresh(mine.projectId, rows)).toEqual([]);
});

test("the queue shows the most anomalous first, page by page, and counts what there is", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const model = await aModel(db, world);
  const scores = [0.1, 0.9, 0.5, 0.5, 0.7, 0.5];
  const cases: CaseRow[] = [];
  for (const score of scores) cases.push(await aCase(db, world, { model, score }));
  await give(aVerdict(world, { caseId: cases[4]!.id }));
  await give(aVerdict(world, { caseId: cases[1]!.id, value: "unsure" }));

  const seen: CaseRow[] = [];
  let cursor: ListCasesInput["cursor"] | null = null;
  do {
    const page = await db.cases.list({
      projectId: world.projectId,
      state: "undecided",
      limit: 2,
      ...(cursor && { cursor }),
    });
    expect(page.counts).toEqual({ open: 4, inReview: 1, decided: 1 });
    seen.push(...page.rows);
    cursor = page.nextCursor;
  } while (cursor !== null);
  expect(seen.map((row) => row.score)).toEqual([0.9, 0.5, 0.5, 0.5, 0.1]);
  expect(new Set(seen.map((row) => row.id)).size).toBe(5);

  const decided = await db.cases.list({ projectId: world.projectId, state: "decided", limit: 9 });
  expect(decided.rows.map((row) => row.id)).toEqual([cases[4]!.id]);
  const none = await db.cases.list({
    projectId: world.projectId,
    state: "all",
    category: "another",
    limit: 9,
  });
  expect(none).toEqual({
    rows: [],
    nextCursor: null,
    counts: { open: 0, inReview: 0, decided: 0 },
    countsSequence: 0,
  });
});

test("a verdict cannot be changed, and a defective one names its type, also past our code", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const open = await aCase(db, world);
  await give(aVerdict(world, { caseId: open.id }));
  const { pool } = db;
  const change = `update "verdict" set "value" = 'unsure' where "caseId" = $1`;
  await expect(pool.query(change, [open.id])).rejects.toThrow(/never changed/);
  const nameless = give(
    aVerdict(world, {
      caseId: open.id,
      value: "defective",
      seenVersion: 1,
      overturnReason: "It is scratched.",
    }),
  );
  await expect(nameless).rejects.toThrow(/verdict_defective_names_type/);
});

test("the queue of a large project is read from an index, without sorting it", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const model = await aModel(db, world);
  const { pool } = db;
  await pool.query(
    `insert into "image" ("id", "organizationId", "projectId", "categoryId", "sha256", "fileName",
       "sourcePath", "sizeBytes", "width", "height", "label")
     select gen_random_uuid(), "organizationId", "projectId", "categoryId",
       encode(sha256(n::text::bytea), 'hex'), n::text, n::text, 1, 1, 1, 'unknown'
     from "image", generate_series(1, 3000) n where "id" = (
       select "id" from "image" where "projectId" = $1 limit 1)`,
    [world.projectId],
  );
  await pool.query(
    `insert into "prediction" ("id", "modelVersionId", "imageId", "score", "mapKey")
     select gen_random_uuid(), $1, "id", random(), '' from "image" where "projectId" = $2`,
    [model.id, world.projectId],
  );
  await pool.query(
    `insert into "case" ("id", "projectId", "imageId", "predictionId", "category", "score",
       "standardScore", "state")
     select gen_random_uuid(), $2, "imageId", "id", 'part', "score", "score",
       (case when random() < 0.5 then 'decided' else 'open' end)::"CaseState"
     from "prediction" where "modelVersionId" = $1`,
    [model.id, world.projectId],
  );
  await pool.query('analyze "case"');
  for (const states of ["'open', 'in_review'", "'decided'", "'open', 'in_review', 'decided'"]) {
    const { rows } = await pool.query<{ "QUERY PLAN": string }>(
      `explain select "id" from "case" where "projectId" = '${world.projectId}'
       and "state" in (${states}) order by "modelRank" desc, "standardScore" desc, "id" limit 200`,
    );
    const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
    expect(plan).toContain("Index");
    expect(plan).not.toContain("Sort");
  }
});

test("a map is found for the file route with its owner", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const model = await aModel(db, world);
  const image = await anImage(db, { projectId: world.projectId, split: "test" });
  const mapKey = aHash();
  const row = { modelVersionId: model.id, imageId: image.id, score: 0.5, mapKey };
  const id = await db.predictions.upsert(row);
  expect(await db.predictions.upsert({ ...row, score: 0.6 })).toBe(id);
  const { projectId, organisationId } = world;
  expect(await db.predictions.requireMap(id)).toEqual({ projectId, organisationId, mapKey });
});

test("many predictions are stored at once, again under the same ids", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const model = await aModel(db, world);
  const { projectId } = world;
  const images = [await anImage(db, { projectId }), await anImage(db, { projectId })];
  const rows = images.map(({ id }, at) => ({ imageId: id, score: 0.1 + at / 3, mapKey: aHash() }));
  const first = await db.predictions.upsertMany(model.id, rows);
  expect([...first.keys()].sort()).toEqual(images.map(({ id }) => id).sort());

  const later = rows.map((row) => ({ ...row, mapKey: aHash() }));
  const again = await db.predictions.upsertMany(model.id, [...rows, ...later]);
  expect(again).toEqual(first);
  for (const { imageId, mapKey } of later) {
    expect(await db.predictions.requireMap(again.get(imageId)!)).toMatchObject({ mapKey });
  }
  expect(await db.predictions.upsertMany(model.id, [])).toEqual(new Map());
});
