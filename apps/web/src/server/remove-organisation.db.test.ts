import { randomUUID } from "node:crypto";

import { aRun, testDatabase } from "@loupe/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";

import {
  aWebWorld,
  fillProject,
  SITE,
  type Caller,
  type Content,
  type WebWorld,
} from "../testing/a-web-world.ts";
import { CLIENT_ADDRESS_HEADER } from "./client-address-header.ts";
import { fetchAuth } from "./fetch-auth.ts";

const database = testDatabase();
let world: WebWorld;
let home: Content;

beforeAll(async () => {
  world = await aWebWorld(database.db);
  home = await fillProject(world.services, world.home);
  await fillProject(world.services, world.elsewhere);
});
afterAll(() => world.close());

function remove(caller: Caller, organizationId: string): Promise<Response> {
  const request = new Request(`${SITE}/api/auth/organization/delete`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      cookie: caller.cookie,
      origin: SITE,
      [CLIENT_ADDRESS_HEADER]: "192.0.2.1",
    },
    body: JSON.stringify({ organizationId }),
  });
  return fetchAuth(request, world.services);
}

/** Rows of every table that belongs to projects. */
async function countRows(): Promise<Record<string, number>> {
  const tables = await world.db.pool.query<{ name: string }>(
    `select table_name as "name" from information_schema.tables
     where table_schema = 'public' and table_name not in
       ('user', 'session', 'account', 'verification', 'worker_node', 'seed_marker', '_prisma_migrations')`,
  );
  const counts: Record<string, number> = {};
  for (const { name } of tables.rows) {
    const { rows } = await world.db.pool.query<{ n: number }>(
      `select count(*)::int as n from "${name}"`,
    );
    counts[name] = rows[0]!.n;
  }
  return counts;
}

test("an owner removes an organisation with all that it has, once nothing is under way", async () => {
  const { db, home: tenant, elsewhere } = world;
  const { projectId, organisationId, callers } = tenant;
  await db.transaction(async (tx) => {
    await tx.cases.giveVerdict({
      projectId,
      caseId: home.case.id,
      value: "defective",
      defectType: "scratch",
      note: "",
      seenVersion: home.case.version,
      idempotencyKey: randomUUID(),
      authorId: tenant.reviewer,
    });
    await tx.events.append(projectId, { type: "cases.changed", count: 1 });
    await tx.inspections.addImage(home.inspection.id, home.imageId);
    const metrics = { meanImageAuroc: 1, meanPixelAuroc: null, secondsPerImage: 1, categories: [] };
    const pair = { modelVersionId: home.model.id, datasetVersionId: home.datasetVersion.id };
    await tx.evaluations.create({ ...pair, ...metrics });
  });
  const { id: runId } = await aRun(db, tenant, { datasetVersionId: home.datasetVersion.id });

  for (const caller of [callers.engineer, callers.reviewer, elsewhere.callers.owner]) {
    expect((await remove(caller, organisationId)).status).toBeGreaterThanOrEqual(400);
  }
  const busy = await remove(callers.owner, organisationId);
  expect(busy.status).toBe(409);
  expect(await busy.json()).toMatchObject({
    message:
      "Expected an organisation without work under way, got 1 run, 1 import. " +
      "Cancel it or wait until it has ended, then remove the organisation.",
  });

  await db.runs.requestCancel(runId, projectId);
  await db.imports.claim(home.import.id);
  await db.imports.finish(home.import.id, { status: "failed", error: "ended for the test" });
  const answer = await remove(callers.owner, organisationId);
  expect(answer.status).toBe(200);
  await expect(db.projects.organisationOf(projectId)).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(await db.members.roleOf(tenant.reviewer, organisationId)).toBeNull();
  const { rows } = await db.pool.query('select 1 from "user" where id = $1', [tenant.reviewer]);
  expect(rows).toHaveLength(1);

  // What is left is the other organisation's, and it can go as well.
  await db.imports.list(elsewhere.projectId).then(async ([first]) => {
    await db.imports.claim(first!.id);
    await db.imports.finish(first!.id, { status: "failed", error: "ended for the test" });
  });
  expect((await remove(elsewhere.callers.owner, elsewhere.organisationId)).status).toBe(200);
  const left = Object.entries(await countRows()).filter(([, count]) => count > 0);
  expect(Object.fromEntries(left)).toEqual({ organization: 1, actor: 1 });
});
