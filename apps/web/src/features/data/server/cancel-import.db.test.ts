import type { ImportView } from "@loupe/contracts";
import { testDatabase } from "@loupe/db/testing";
import { Readable } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";

import { aWebWorld, type WebWorld } from "../../../testing/a-web-world.ts";
import { callProcedure } from "../../../testing/call-procedure.ts";

const database = testDatabase();
let world: WebWorld;
beforeAll(async () => {
  world = await aWebWorld(database.db);
});
afterAll(() => world.close());

async function anImport(): Promise<{ view: ImportView; uploadKey: string }> {
  const { projectId, engineer } = world.home;
  const upload = await world.services.blobs.createUpload(Readable.from(["zip"]), { maxBytes: 3 });
  const view = await world.db.imports.create({
    projectId,
    createdById: engineer,
    fileName: "parts.zip",
    sizeBytes: 3,
    uploadKey: upload.key,
  });
  return { view, uploadKey: upload.key };
}

const cancel = (importId: string) =>
  callProcedure({
    caller: world.home.callers.engineer,
    path: "data.cancelImport",
    type: "mutation",
    input: { projectId: world.home.projectId, importId },
  });

async function jobsOf(importId: string): Promise<number> {
  const { rows } = await world.db.pool.query(
    `select 1 from graphile_worker._private_jobs where payload->>'importId' = $1`,
    [importId],
  );
  return rows.length;
}

test("an import that waits is cancelled at once, with its upload, and told once", async () => {
  const { view, uploadKey } = await anImport();
  const answer = await cancel(view.id);
  expect(answer).toMatchObject({ status: 200, data: { status: "cancelled" } });
  const upload = world.services.blobs.withUpload(uploadKey, ({ kind }) => Promise.resolve(kind));
  await expect(upload).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
  expect(await jobsOf(view.id)).toBe(0);
  const sequence = await world.db.events.newestSequence(world.home.projectId);
  const event = await world.db.events.find(world.home.projectId, sequence);
  expect(event?.body).toMatchObject({ type: "import.status", status: "cancelled" });
  expect((await cancel(view.id)).data).toEqual(answer.data);
  expect(await world.db.events.newestSequence(world.home.projectId)).toBe(sequence);
});

test("one that is under way is left to a worker, whichever lives; an ended one is refused", async () => {
  const { view, uploadKey } = await anImport();
  await world.db.imports.claim(view.id);
  expect(await cancel(view.id)).toMatchObject({ status: 200, data: { status: "cancelling" } });
  expect(await jobsOf(view.id)).toBe(1);
  const upload = world.services.blobs.withUpload(uploadKey, ({ kind }) => Promise.resolve(kind));
  expect(await upload).toBe("file");

  const { view: done } = await anImport();
  await world.db.imports.finish(done.id, { status: "succeeded" });
  expect(await cancel(done.id)).toMatchObject({ status: 409, code: "IMPORT_ALREADY_FINISHED" });
});
