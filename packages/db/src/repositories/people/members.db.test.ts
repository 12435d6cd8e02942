import { expect, test, vi } from "vitest";

import type { ProjectId } from "@loupe/contracts";
import { randomUUID } from "node:crypto";

import { anOrganisation, aPerson, aProject, testDatabase } from "../../testing/index.ts";

const database = testDatabase();

const DAY_MS = 24 * 3600 * 1000;

async function aMemberWithSession() {
  const { db } = database;
  const organisationId = await anOrganisation(db);
  const userId = await aPerson(db, { organisationId, role: "engineer" });
  const { id: projectId } = await aProject(db, { organisationId, createdById: userId });
  const sessionId = await aSession(userId, { createdAtMs: Date.now() });
  return { userId, projectId, sessionId };
}

async function aSession(userId: string, { createdAtMs }: { createdAtMs: number }): Promise<string> {
  const id = randomUUID();
  await database.db.pool.query(
    `insert into "session" ("id", "token", "userId", "createdAt", "expiresAt", "updatedAt")
     values ($1, $1, $2, $3, $4, now())`,
    [id, userId, new Date(createdAtMs), new Date(Date.now() + 7 * DAY_MS)],
  );
  return id;
}

async function expiryOf(sessionId: string): Promise<number> {
  const { rows } = await database.db.pool.query<{ expiresAt: Date }>(
    'select "expiresAt" from "session" where "id" = $1',
    [sessionId],
  );
  return rows[0]!.expiresAt.getTime();
}

test("access that is held cannot be taken away until the transaction ends", async () => {
  const { db } = database;
  const who = await aMemberWithSession();
  const order: string[] = [];
  let removal: Promise<unknown> = Promise.resolve();
  await db.transaction(async (tx) => {
    expect(await tx.members.holdAccessToProject(who)).toMatchObject({ role: "engineer" });
    removal = db.pool
      .query('delete from "member" where "userId" = $1', [who.userId])
      .then(() => order.push("removed"));
    await vi.waitFor(
      async () => {
        const { rows } = await db.pool.query(
          `select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like 'delete from "member"%'`,
        );
        expect(rows).toHaveLength(1);
      },
      { timeout: 30_000 },
    );
    order.push("still in");
  });
  await removal;
  expect(order).toEqual(["still in", "removed"]);
  expect(await db.transaction((tx) => tx.members.holdAccessToProject(who))).toBeNull();
});

test("nobody holds access with a session that ended, of somebody else, or to what is not theirs", async () => {
  const { db } = database;
  const who = await aMemberWithSession();
  const other = await aMemberWithSession();
  const hold = (question: typeof who) =>
    db.transaction((tx) => tx.members.holdAccessToProject(question));
  expect(await hold(who)).not.toBeNull();
  expect(await hold({ ...who, sessionId: other.sessionId })).toBeNull();
  expect(await hold({ ...who, sessionId: randomUUID() })).toBeNull();
  expect(await hold({ ...who, projectId: other.projectId })).toBeNull();
  expect(await hold({ ...who, projectId: randomUUID() as ProjectId })).toBeNull();
  const old = await aSession(who.userId, { createdAtMs: Date.now() - 31 * DAY_MS });
  expect(await hold({ ...who, sessionId: old })).toBeNull();
});

test("no renewal carries a session beyond thirty days after its beginning", async () => {
  const { userId } = await aMemberWithSession();
  const createdAtMs = Date.now() - 29 * DAY_MS;
  const sessionId = await aSession(userId, { createdAtMs });
  expect(await expiryOf(sessionId)).toBe(createdAtMs + 30 * DAY_MS);
  for (const days of [7, 365]) {
    await database.db.pool.query('update "session" set "expiresAt" = $2 where "id" = $1', [
      sessionId,
      new Date(Date.now() + days * DAY_MS),
    ]);
    expect(await expiryOf(sessionId)).toBe(createdAtMs + 30 * DAY_MS);
  }
  const young = await aSession(userId, { createdAtMs: Date.now() });
  expect(await expiryOf(young)).toBeLessThan(Date.now() + 8 * DAY_MS);
});
