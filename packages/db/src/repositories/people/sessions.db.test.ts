import { randomUUID } from "node:crypto";

import { expect, test } from "vitest";

import { aPerson, aWorld } from "../../testing/builders.ts";
import { testDatabase } from "../../testing/test-database.ts";

const database = testDatabase();

test("lists the sessions that have neither ended nor run out", async () => {
  const { db } = database;
  const { engineer } = await aWorld(db);
  const [current, old, never] = [randomUUID(), randomUUID(), randomUUID()];
  for (const [id, inHours] of [
    [current, 1],
    [old, -1],
  ] as const) {
    await db.pool.query(
      `insert into "session" ("id", "token", "userId", "expiresAt", "updatedAt")
       values ($1, $1, $2, now() + $3 * interval '1 hour', now())`,
      [id, engineer, inHours],
    );
  }
  expect(await db.sessions.listCurrent([old, current, never])).toEqual([current]);
  expect(await db.sessions.listCurrent([])).toEqual([]);
});

test("answers for many people and projects at once what each would be answered alone", async () => {
  const { db } = database;
  const [here, there] = [await aWorld(db), await aWorld(db)];
  const viewer = await aPerson(db, { organisationId: here.organisationId, role: "viewer" });
  const stray = await aPerson(db, { organisationId: here.organisationId, role: "viewer" });
  await db.pool.query(`update "member" set "role" = 'wizard' where "userId" = $1`, [stray]);
  const visits = [here.engineer, there.engineer, viewer, stray].flatMap((userId) =>
    [here.projectId, there.projectId].map((projectId) => ({ userId, projectId })),
  );
  const alone = await Promise.all(
    visits.map(async (visit) => {
      const access = await db.members.accessToProject(visit.userId, visit.projectId);
      return access === null ? [] : [{ ...visit, role: access.role }];
    }),
  );
  expect(await db.members.rolesOfVisits(visits)).toEqual(expect.arrayContaining(alone.flat()));
  expect(alone.flat()).toHaveLength(3);
  expect(await db.members.rolesOfVisits(visits)).toHaveLength(3);
  expect(await db.members.rolesOfVisits([])).toEqual([]);
});
