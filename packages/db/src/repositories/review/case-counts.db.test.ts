import type { CaseCounts, ImageId, InspectionId, ProjectId } from "@loupe/contracts";
import fc from "fast-check";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";

import type { Transaction } from "../../database.ts";
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
let connections: pg.Client[];

beforeAll(async () => {
  connections = [0, 1, 2].map(() => new pg.Client({ connectionString: database.url }));
  for (const connection of connections) await connection.connect();
});
afterAll(async () => {
  for (const connection of connections) await connection.end();
});

/** What the kept counts say, and what counting says, by category and inspection. */
async function compare(projectId: ProjectId): Promise<void> {
  const { rows: kept } = await database.db.pool.query(
    `select "category", "inspectionId", sum("open")::int as "open", sum("inReview")::int as "inReview",
       sum("decided")::int as "decided"
     from "case_count" where "projectId" = $1 group by 1, 2
     having (sum("open"), sum("inReview"), sum("decided")) <> (0, 0, 0) order by 1, 2`,
    [projectId],
  );
  const { rows: counted } = await database.db.pool.query(
    `select "category", coalesce("inspectionId", '00000000-0000-0000-0000-000000000000') as "inspectionId",
       (count(*) filter (where "state" = 'open'))::int as "open",
       (count(*) filter (where "state" = 'in_review'))::int as "inReview",
       (count(*) filter (where "state" = 'decided'))::int as "decided"
     from "case" where "projectId" = $1 group by 1, 2 order by 1, 2`,
    [projectId],
  );
  expect(kept).toEqual(counted);
  const { rows: keptImages } = await database.db.pool.query(
    `select "categoryId", sum("images")::int as "images", sum("trainGood")::int as "trainGood",
       sum("testGood")::int as "testGood", sum("testDefective")::int as "testDefective",
       sum("unassigned")::int as "unassigned", sum("masked")::int as "masked"
     from "image_count" where "projectId" = $1 group by 1 having sum("images") <> 0 order by 1`,
    [projectId],
  );
  const { rows: countedImages } = await database.db.pool.query(
    `select "categoryId", count(*)::int as "images",
       (count(*) filter (where "split" = 'train' and "label" = 'good'))::int as "trainGood",
       (count(*) filter (where "split" = 'test' and "label" = 'good'))::int as "testGood",
       (count(*) filter (where "split" = 'test' and "label" = 'defective'))::int as "testDefective",
       (count(*) filter (where "split" is null))::int as "unassigned",
       (count(*) filter (where exists (select from "mask" m where m."imageId" = i."id")))::int as "masked"
     from "image" i where "projectId" = $1 group by 1 order by 1`,
    [projectId],
  );
  expect(keptImages).toEqual(countedImages);
}

/** Images with a case each, all of one category. */
async function anInspectedWorld(images: number) {
  const { db } = database;
  const world = await aWorld(db);
  const model = await aModel(db, world);
  const inspections = [];
  for (const name of ["Early", "Late"]) {
    const { projectId, engineer: createdById } = world;
    inspections.push(
      await db.inspections.create({ projectId, modelVersionId: model.id, name, createdById }),
    );
  }
  const cases = [];
  for (let i = 0; i < images; i++) cases.push(await aCase(db, world, { model }));
  return { world, model, inspections: inspections.map(({ id }) => id), cases };
}

const STATES = ["open", "in_review", "decided"] as const;
type Step = { writer: number; kind: number; at: number; state: number; end: "commit" | "rollback" };

/** One change of some cases or images, as SQL. */
function statementOf(
  { kind, at, state }: Step,
  { ids, images, inspections }: { ids: string[]; images: string[]; inspections: InspectionId[] },
): { text: string; values: unknown[] } {
  const id = ids[at % ids.length];
  const some = ids.filter((_, index) => index % 3 === at % 3);
  const image = images[at % images.length];
  const changes = [
    { text: `update "case" set "state" = $2 where "id" = $1`, values: [id, STATES[state]] },
    { text: `update "case" set "state" = $2 where "id" = any($1)`, values: [some, STATES[state]] },
    {
      text: `update "case" set "inspectionId" = $2 where "id" = $1`,
      values: [id, [null, ...inspections][state]],
    },
    { text: `update "case" set "category" = $2 where "id" = $1`, values: [id, `kind ${state}`] },
    { text: `delete from "case" where "id" = $1`, values: [id] },
    {
      text: `insert into "case" ("id", "projectId", "imageId", "predictionId", "category", "score", "standardScore")
        select gen_random_uuid(), i."projectId", i."id", p."id", 'part', 1, 1
        from "image" i join "prediction" p on p."imageId" = i."id"
        where i."id" = any($1) on conflict ("projectId", "imageId") do update set "state" = 'open'`,
      values: [images.filter((_, index) => index % 2 === at % 2)],
    },
    {
      text: `insert into "mask" ("id", "imageId", "revision", "sha256")
        select gen_random_uuid(), $1, coalesce(max("revision"), 0) + 1, $2 from "mask" where "imageId" = $1`,
      values: [image, aHash()],
    },
    { text: `delete from "mask" where "imageId" = $1`, values: [image] },
    { text: `update "image" set "split" = 'train' where "id" = $1`, values: [image] },
  ];
  return changes[kind % changes.length]!;
}

test("the kept counts equal a count, whatever was written, and left and taken back, by several at once", async () => {
  const { world, cases, inspections } = await anInspectedWorld(9);
  const targets = {
    ids: cases.map(({ id }) => id as string),
    images: cases.map(({ imageId }) => imageId as string),
    inspections,
  };
  const step = fc.record({
    writer: fc.nat(2),
    kind: fc.nat(8),
    at: fc.nat(8),
    state: fc.nat(2),
    end: fc.constantFrom("commit" as const, "rollback" as const),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 24 }), async (steps) => {
      // Each writer's steps in order, the writers beside each other, two steps a transaction.
      await Promise.all(
        connections.map(async (connection, writer) => {
          const own = steps.filter((one) => one.writer === writer);
          for (let start = 0; start < own.length; start += 2) {
            const pair = own.slice(start, start + 2);
            await connection.query("begin");
            try {
              for (const one of pair) await connection.query(statementOf(one, targets));
              await connection.query(pair[0]!.end);
            } catch (error) {
              // Random writers lock rows in any order and number masks alike: the loser takes all back.
              await connection.query("rollback");
              if (!/deadlock|unique/u.test(String(error))) throw error;
            }
          }
        }),
      );
      await compare(world.projectId);
    }),
    { numRuns: 12 },
  );
  // Writers that lock each other out are told so after a second, as often as they do.
}, 90_000);

test("writers of the same count neither wait for each other nor lose one", async () => {
  const { world, cases } = await anInspectedWorld(3);
  const [first, second, third] = connections as [pg.Client, pg.Client, pg.Client];
  const decide = (connection: pg.Client, at: number) =>
    connection.query(`update "case" set "state" = 'decided' where "id" = $1`, [cases[at]!.id]);
  for (const connection of connections) {
    await connection.query("begin");
    await connection.query("set local lock_timeout = '5s'");
  }
  await decide(first, 0);
  await decide(second, 1);
  await decide(third, 2);
  await third.query("commit");
  await first.query("rollback");
  await second.query("commit");
  await compare(world.projectId);
  const { counts } = await database.db.cases.list({
    projectId: world.projectId,
    state: "all",
    limit: 1,
  });
  expect(counts).toEqual({ open: 1, inReview: 0, decided: 2 } satisfies CaseCounts);
  // The next writer alone brings the rows together again.
  await decide(first, 0);
  const { rows } = await database.db.pool.query(
    `select 1 from "case_count" where "projectId" = $1`,
    [world.projectId],
  );
  expect(rows).toHaveLength(1);
});

test("counts are asked of the kept table: no case and no image is read", async () => {
  const { world, model } = await anInspectedWorld(1);
  const { db } = database;
  await addMany(world, model.id, 3_000);
  const { projectId, organisationId } = world;
  await db.pool.query(`analyze "case", "image", "prediction"`);
  await db.transaction(async (tx) => {
    const before = await rowsRead(tx, ["case", "image"]);
    const { counts } = await tx.cases.list({ projectId, state: "all", limit: 1 });
    expect(counts).toEqual({ open: 3_001, inReview: 0, decided: 0 });
    const [project] = await tx.projects.list(organisationId);
    expect(project).toMatchObject({ openCaseCount: 3_001, imageCount: 3_004 });
    const rows = await tx.images.countByCategory(projectId);
    expect(rows).toContainEqual(
      expect.objectContaining({
        category: "part",
        trainGood: 2,
        testGood: 3_001,
        testDefective: 1,
      }),
    );
    // One page of the queue is two cases and their images.
    expect((await rowsRead(tx, ["case", "image"])) - before).toBeLessThan(50);
  });
});

/** Rows that this transaction's connection has read of some tables and not yet reported. */
async function rowsRead(tx: Transaction, tables: string[]): Promise<number> {
  const { rows } = await tx.sql.query(
    `select sum("seq_tup_read" + "idx_tup_fetch")::int as n from pg_stat_xact_user_tables
     where "relname" = any($1::text[])`,
    [tables],
  );
  return Number(rows[0]!["n"]);
}

async function addMany(world: World, modelId: string, count: number): Promise<void> {
  await database.db.pool.query(
    `with made as (
       insert into "image" ("id", "organizationId", "projectId", "categoryId", "sha256", "fileName", "sourcePath",
         "sizeBytes", "width", "height", "label", "split")
       select gen_random_uuid(), $2, $1, c."id", encode(sha256(n::text::bytea), 'hex'), n || '.png', n || '.png',
         1, 1, 1, 'good', 'test'
       from "category" c, generate_series(1, $4::int) n where c."projectId" = $1 and c."name" = 'part'
       returning "id"
     ), scored as (
       insert into "prediction" ("id", "modelVersionId", "imageId", "score", "mapKey")
       select gen_random_uuid(), $3, "id", 1, 'none' from made returning "id", "imageId"
     )
     insert into "case" ("id", "projectId", "imageId", "predictionId", "category", "score", "standardScore")
     select gen_random_uuid(), $1, "imageId", "id", 'part', 1, 1 from scored`,
    [world.projectId, world.organisationId, modelId, count],
  );
}

test("a verdict's event carries the counts of every scope that the case belongs to", async () => {
  const { world, model, inspections, cases } = await anInspectedWorld(2);
  const { db } = database;
  const [inspectionId] = inspections as [InspectionId];
  await aCase(db, world, { model, category: "cap", inspectionId });
  const told = await db.transaction((tx) =>
    tx.cases.countScopes(world.projectId, [{ category: "cap", inspectionId }, cases[0]!]),
  );
  const open = (count: number): CaseCounts => ({ open: count, inReview: 0, decided: 0 });
  expect(told).toEqual([
    { category: null, inspectionId: null, counts: open(3) },
    { category: "cap", inspectionId: null, counts: open(1) },
    { category: null, inspectionId, counts: open(1) },
    { category: "cap", inspectionId, counts: open(1) },
    { category: "part", inspectionId: null, counts: open(2) },
  ]);
});

test("an image's mask counts from its first revision to its last, and goes with it", async () => {
  const { db } = database;
  const { projectId } = await aWorld(db);
  const image = await anImage(db, { projectId });
  const masks = async () => (await db.images.countByCategory(projectId))[0]?.masks;
  await db.masks.create({ imageId: image.id, sha256: aHash() });
  await db.masks.create({ imageId: image.id, sha256: aHash() });
  expect(await masks()).toBe(1);
  await db.pool.query(`delete from "mask" where "imageId" = $1 and "revision" = 1`, [image.id]);
  expect(await masks()).toBe(1);
  await db.pool.query(`delete from "image" where "id" = $1`, [image.id satisfies ImageId]);
  expect(await masks()).toBe(0);
  await compare(projectId);
});

test("a project that is removed takes its counts along", async () => {
  const { db } = database;
  const world = await aWorld(db);
  await anImage(db, { projectId: world.projectId });
  // As a removal of everything does it: the foreign keys of pictures and cases go by hand.
  await db.pool.query(
    `with gone as (delete from "project" where "id" = $1) delete from "image" where "projectId" = $1`,
    [world.projectId],
  );
  const { rows } = await db.pool.query(`select 1 from "image_count" where "projectId" = $1`, [
    world.projectId,
  ]);
  expect(rows).toEqual([]);
});
