import type { ProjectEventBody, ProjectId } from "@loupe/contracts";
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";

import { clientOf } from "../../client-of.ts";
import { aWorld, testDatabase } from "../../testing/index.ts";

const database = testDatabase();

const body = (count: number): ProjectEventBody => ({ type: "cases.changed", count });

/** Small, seeded and repeatable: which transactions fail and how long they take. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

test.each([1, 2, 3])(
  "numbers have no gap and no double, whatever runs side by side and fails (seed %i)",
  async (seed) => {
    const { db } = database;
    const { projectId } = await aWorld(db);
    const random = seeded(seed);
    const plans = Array.from({ length: 40 }, (_, index) => ({
      index,
      fails: random() < 0.4,
      events: 1 + Math.floor(random() * 3),
      waitMs: Math.floor(random() * 8),
    }));
    const outcomes = await Promise.allSettled(
      plans.map((plan) =>
        db.transaction(async (tx) => {
          for (let i = 0; i < plan.events; i++) await tx.events.append(projectId, body(plan.index));
          await new Promise((resolve) => setTimeout(resolve, plan.waitMs));
          if (plan.fails) throw new Error("rolled back");
        }),
      ),
    );
    expect(outcomes.map((outcome) => outcome.status === "rejected")).toEqual(
      plans.map((plan) => plan.fails),
    );
    const events = await db.events.listAfter(projectId, 0, 1_000);
    expect(events.map((event) => event.sequence)).toEqual(events.map((_, index) => index + 1));
    // Each kept transaction's events are there, together, and nothing of the others.
    const expected = plans.filter((plan) => !plan.fails);
    expect(events).toHaveLength(expected.reduce((sum, plan) => sum + plan.events, 0));
    for (const plan of expected) {
      const own = events.filter(
        (event) => event.body.type === "cases.changed" && event.body.count === plan.index,
      );
      expect(own).toHaveLength(plan.events);
      expect(own.at(-1)!.sequence - own[0]!.sequence).toBe(plan.events - 1);
    }
    expect(await db.events.newestSequence(projectId)).toBe(events.length);
  },
);

test("projects count for themselves", async () => {
  const { db } = database;
  const [one, two] = [await aWorld(db), await aWorld(db)];
  await db.transaction((tx) => tx.events.append(one.projectId, body(1)));
  const second = await db.transaction((tx) => tx.events.append(two.projectId, body(2)));
  expect(second.sequence).toBe(1);
  expect(await db.events.find(one.projectId, 2)).toBeNull();
});

test("a gap is read in order and cut at the limit", async () => {
  const { db } = database;
  const { projectId, engineer } = await aWorld(db);
  for (let i = 1; i <= 5; i++) {
    await db.transaction((tx) => tx.events.append(projectId, body(i), engineer));
  }
  const missed = await db.events.listAfter(projectId, 2, 2);
  expect(missed.map((event) => event.sequence)).toEqual([3, 4]);
});

test("an event of a project that does not exist is refused", async () => {
  const { db } = database;
  const nowhere = randomUUID() as ProjectId;
  const written = db.transaction((tx) => tx.events.append(nowhere, body(1)));
  await expect(written).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("a written event cannot be changed or removed, save with its whole project", async () => {
  const { db } = database;
  const { projectId } = await aWorld(db);
  await db.transaction((tx) => tx.events.append(projectId, body(1)));
  const { pool } = db;
  await expect(
    pool.query(`update "event" set "type" = 'x' where "projectId" = $1`, [projectId]),
  ).rejects.toThrow(/never changed/);
  await expect(
    pool.query(`delete from "event" where "projectId" = $1`, [projectId]),
  ).rejects.toThrow(/never changed/);
  await clientOf(db).project.delete({ where: { id: projectId } });
  expect(await db.events.listAfter(projectId, 0, 10)).toEqual([]);
});

test("rows of earlier versions keep their numbers: they are read, under today's name or as nothing", async () => {
  const { db } = database;
  const { organisationId, projectId } = await aWorld(db);
  const runId = randomUUID();
  const importId = randomUUID();
  const rows = [
    { type: "run.progress", runId, points: [], stepsPerSecond: 1, secondsLeft: 1 },
    { type: "import.progress", importId, status: "running", filesDone: 1, filesTotal: 2 },
    { type: "run.checkpoint", runId, step: 50 },
  ];
  for (const [at, old] of rows.entries()) {
    await db.pool.query(
      `insert into "event" ("projectId", "sequence", "type", "body", "actorId")
       select $1, $2, $3, $4, "id" from "actor" where "organizationId" = $5 and "kind" = 'system'`,
      [projectId, at + 1, old.type, old, organisationId],
    );
  }
  await db.pool.query(`update "project" set "eventSequence" = 3 where "id" = $1`, [projectId]);
  await db.transaction((tx) => tx.events.append(projectId, body(1)));
  const events = await db.events.listAfter(projectId, 0, 10);
  expect(events.map((event) => event.sequence)).toEqual([1, 2, 3, 4]);
  expect(events.map((event) => event.body.type)).toEqual([
    "retired",
    "import.status",
    "retired",
    "cases.changed",
  ]);
  expect((await db.events.find(projectId, 1))?.body).toEqual({ type: "retired" });
});
