import type { CaseId } from "@loupe/contracts";
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";

import { aCase, aWorld, testDatabase, type World } from "../../testing/index.ts";

const database = testDatabase();

function give({ projectId, reviewer }: World, caseId: CaseId, seenVersion: number) {
  return database.db.transaction((tx) =>
    tx.cases.giveVerdict({
      projectId,
      caseId,
      value: "unsure",
      defectType: null,
      note: "",
      seenVersion,
      idempotencyKey: randomUUID(),
      authorId: reviewer,
    }),
  );
}

test("a verdict keeps its author's name and site, whatever they are called and work later", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const open = await aCase(db, world);
  const { rows } = await db.pool.query<{ id: string }>(
    `insert into "site" ("id", "organizationId", "name") values (gen_random_uuid(), $1, 'North') returning "id"`,
    [world.organisationId],
  );
  await db.pool.query(`update "member" set "siteId" = $1 where "userId" = $2`, [
    rows[0]!.id,
    world.reviewer,
  ]);
  await give(world, open.id, 0);
  await db.pool.query(`update "user" set "name" = 'Somebody else' where "id" = $1`, [
    world.reviewer,
  ]);
  await db.pool.query(`update "site" set "name" = 'South'`);
  await give(world, open.id, 1);
  await db.pool.query(`delete from "site" where "id" = $1`, [rows[0]!.id]);

  const { verdicts } = await db.cases.require(open.id, world.projectId);
  expect(verdicts.map(({ author }) => [author.name, author.site])).toEqual([
    ["Somebody else", "South"],
    ["Reviewer", "North"],
  ]);
});
