import type { FreezeView } from "@loupe/contracts";
import { anImage, testDatabase } from "@loupe/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";

import { aWebWorld, type WebWorld } from "../../../testing/a-web-world.ts";
import { callProcedure } from "../../../testing/call-procedure.ts";

const database = testDatabase();
let world: WebWorld;
beforeAll(async () => {
  world = await aWebWorld(database.db);
});
afterAll(() => world.close());

const freeze = (name?: string) =>
  callProcedure({
    caller: world.home.callers.engineer,
    path: "data.freeze",
    type: "mutation",
    input: { projectId: world.home.projectId, ...(name !== undefined && { name }) },
  });

test("a project without images to freeze is told so at once, and gets no job", async () => {
  await anImage(world.db, { projectId: world.home.projectId, split: null, label: "unknown" });
  expect(await freeze()).toMatchObject({ status: 422, code: "DATASET_IS_EMPTY" });
  expect(await world.db.freezes.list(world.home.projectId)).toEqual([]);
});

test("freezing is a job: the request reads no image, and the version is not there before its end", async () => {
  const { db, home } = world;
  await anImage(db, { projectId: home.projectId });
  const answer = await freeze("Shift");
  const view = answer.data as FreezeView;
  expect(view).toMatchObject({ name: "Shift", status: "queued", version: null });
  expect(await db.datasets.list(home.projectId)).toEqual([]);
  const { rows } = await db.pool.query(
    `select 1 from graphile_worker._private_jobs where payload->>'freezeId' = $1`,
    [view.id],
  );
  expect(rows).toHaveLength(1);
  const sequence = await db.events.newestSequence(home.projectId);
  expect((await db.events.find(home.projectId, sequence))?.body).toMatchObject({
    type: "dataset.freeze",
    freezeId: view.id,
    status: "queued",
  });
});
