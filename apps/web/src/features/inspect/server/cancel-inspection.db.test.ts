import { randomUUID } from "node:crypto";

import { aCase, anImage, testDatabase } from "@loupe/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";

import { POST } from "../../../app/api/projects/[projectId]/inspections/route.ts";
import {
  aPicture,
  aWebWorld,
  fillProject,
  type Content,
  type WebWorld,
} from "../../../testing/a-web-world.ts";
import { callProcedure } from "../../../testing/call-procedure.ts";
import { callRoute } from "../../../testing/call-route.ts";

const database = testDatabase();
let world: WebWorld;
let content: Content;
beforeAll(async () => {
  world = await aWebWorld(database.db);
  content = await fillProject(world.services, world.home);
});
afterAll(() => world.close());

const call = (path: string, input: object) =>
  callProcedure({
    caller: world.home.callers.reviewer,
    path,
    type: "mutation",
    input: { projectId: world.home.projectId, ...input },
  });

test("an inspection is cancelled with its cases, but what is decided, and told with the counts", async () => {
  const { db, home } = world;
  const { projectId } = home;
  const inspection = await db.inspections.create({
    projectId,
    modelVersionId: content.model.id,
    createdById: home.engineer,
  });
  const cases = [];
  for (let i = 0; i < 3; i++) {
    const image = await anImage(db, { projectId, split: null, label: "unknown" });
    await db.inspections.addImage(inspection.id, image.id);
    const where = { imageId: image.id, category: "fresh", inspectionId: inspection.id };
    cases.push(await aCase(db, home, { model: content.model, ...where }));
  }
  const [decided] = cases;
  await call("review.verdict", {
    caseId: decided!.id,
    value: "good",
    seenVersion: decided!.version,
    idempotencyKey: randomUUID(),
  });
  const before = await db.events.newestSequence(projectId);

  const answer = await call("inspections.cancel", { inspectionId: inspection.id });
  expect(answer).toMatchObject({
    status: 200,
    data: {
      status: "cancelled",
      error: "Cancelled after 0 of 3 pictures. 1 case with a verdict stays.",
    },
  });
  const events = await db.events.listAfter(projectId, before, 9);
  expect(events.map(({ body }) => body)).toMatchObject([
    { type: "inspection.status", inspectionId: inspection.id, status: "cancelled" },
    { type: "cases.changed" },
  ]);
  const [, changed] = events;
  expect(changed!.body).toMatchObject({
    counts: expect.arrayContaining([
      {
        category: "fresh",
        inspectionId: inspection.id,
        counts: { open: 0, inReview: 0, decided: 1 },
      },
    ]) as unknown,
  });

  expect((await call("inspections.cancel", { inspectionId: inspection.id })).data).toEqual(
    answer.data,
  );
  expect(await db.events.newestSequence(projectId)).toBe(before + 2);
});

test("one that has ended is refused", async () => {
  const { db, home } = world;
  const { id } = await db.inspections.create({
    projectId: home.projectId,
    modelVersionId: content.model.id,
    createdById: home.engineer,
  });
  await db.inspections.markQueued(id);
  await db.inspections.finish(id, { status: "succeeded" });
  expect(await call("inspections.cancel", { inspectionId: id })).toMatchObject({
    status: 409,
    code: "INSPECTION_ALREADY_FINISHED",
  });
});

test("an upload that its sender cancels becomes no inspection and no image", async () => {
  const { db, home } = world;
  const { projectId } = home;
  const before = await db.inspections.list(projectId);
  const images = await db.images.countByCategory(projectId);
  const head = '--x\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n\r\n';
  const picture = await aPicture();
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (controller.desiredSize === null) return;
      controller.enqueue(Buffer.concat([Buffer.from(head), picture, Buffer.from(`\r\n${head}`)]));
      controller.error(new Error("socket hang up"));
    },
  });
  const answer = await callRoute(POST, {
    caller: home.callers.reviewer,
    params: { projectId },
    body,
    headers: { "content-type": "multipart/form-data; boundary=x" },
  });
  expect(answer.ok).toBe(false);
  expect(await db.inspections.list(projectId)).toEqual(before);
  expect(await db.images.countByCategory(projectId)).toEqual(images);
});
