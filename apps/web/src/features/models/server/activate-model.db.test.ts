import { aCase, aModel, testDatabase } from "@loupe/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";

import {
  aWebWorld,
  fillProject,
  type Content,
  type WebWorld,
} from "../../../testing/a-web-world.ts";
import { callProcedure } from "../../../testing/call-procedure.ts";

const database = testDatabase();
let world: WebWorld;
let content: Content;

beforeAll(async () => {
  world = await aWebWorld(database.db);
  content = await fillProject(world.services, world.home);
});
afterAll(() => world.close());

test("a version that a person makes active takes the queue over, is told, and scores what is left", async () => {
  const { db, home } = world;
  const { projectId } = home;
  const next = await aModel(db, home);
  expect(next.isActive).toBe(false);
  const open = await aCase(db, home, { model: content.model });
  const before = await db.events.newestSequence(projectId);

  const answer = await callProcedure({
    caller: home.callers.engineer,
    path: "models.activate",
    type: "mutation",
    input: { projectId, modelVersionId: next.id },
  });
  expect(answer).toMatchObject({ status: 200, data: { id: next.id, isActive: true } });

  const events = await db.events.listAfter(projectId, before, 10);
  expect(events.map(({ body }) => body)).toEqual([
    { type: "model.activated", modelVersionId: next.id, isRescoring: true },
  ]);
  const { rows } = await db.pool.query(
    `select 1 from graphile_worker._private_jobs where payload->>'modelVersionId' = $1`,
    [next.id],
  );
  expect(rows).toHaveLength(1);
  const project = await db.projects.require(projectId, home.organisationId);
  expect(project.activeModel).toEqual({ id: next.id, number: next.number, isRescoring: true });
  const left = await db.cases.listToRescore({ modelVersionId: next.id, after: null, limit: 9 });
  expect(left.map(({ id }) => id)).toContain(open.id);
});
