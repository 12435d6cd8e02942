import type { UserId } from "@loupe/contracts";
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";

import { clientOf } from "../../client-of.ts";
import {
  anOrganisation,
  aPerson,
  aProject,
  aRun,
  aWorld,
  testDatabase,
} from "../../testing/index.ts";
import { requireActor } from "./require-actor.ts";

const database = testDatabase();

test("a person is one actor of an organisation, also when they begin with many things at once", async () => {
  const { db } = database;
  const { organisationId } = await aWorld(db);
  const elsewhere = await anOrganisation(db);
  const userId = await aPerson(db, { organisationId });
  const ask = (where = organisationId) =>
    requireActor(clientOf(db), { organisationId: where, userId });
  const ids = await Promise.all([ask(), ask(), ask(), ask()]);
  expect(new Set(ids).size).toBe(1);
  expect(await ask(elsewhere)).not.toBe(ids[0]);
  const nobody = randomUUID() as UserId;
  await expect(
    requireActor(clientOf(db), { organisationId, userId: nobody }),
  ).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("what a person made has their present name, and an actor without a part in anything goes with them", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const { organisationId, engineer } = world;
  const { id } = await aRun(db, world);
  await db.pool.query(`update "user" set "name" = 'Ann of today' where "id" = $1`, [engineer]);
  expect(await db.runs.require(id, world.projectId)).toMatchObject({ startedBy: "Ann of today" });
  const remove = (userId: string) => db.pool.query(`delete from "user" where "id" = $1`, [userId]);
  await expect(remove(engineer)).rejects.toThrow(/foreign key/);
  const idle = await aPerson(db, { organisationId });
  await requireActor(clientOf(db), { organisationId, userId: idle });
  expect((await remove(idle)).rowCount).toBe(1);
});

test("every organisation has one system, and events that no person caused are its own", async () => {
  const { db } = database;
  const organisationId = await anOrganisation(db);
  const userId = await aPerson(db, { organisationId });
  const { id: projectId } = await aProject(db, { organisationId, createdById: userId });
  await db.transaction(async (tx) => {
    await tx.events.append(projectId, { type: "cases.changed", count: 1 });
    await tx.events.append(projectId, { type: "cases.changed", count: 2 }, userId);
  });
  const { rows } = await db.pool.query(
    `select a."kind"::text, a."userId" from "event" e join "actor" a on a."id" = e."actorId"
     where e."projectId" = $1 order by e."sequence"`,
    [projectId],
  );
  expect(rows).toEqual([
    { kind: "system", userId: null },
    { kind: "person", userId },
  ]);
  const second = `insert into "actor" ("id", "organizationId", "kind", "name")
    values (gen_random_uuid(), $1, 'system', 'Another')`;
  await expect(db.pool.query(second, [organisationId])).rejects.toThrow(/one_system/);
});
