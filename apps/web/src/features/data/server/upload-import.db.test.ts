import { readdir } from "node:fs/promises";
import { dirname } from "node:path";

import type { ImportView } from "@loupe/contracts";
import { testDatabase } from "@loupe/db/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

import { POST } from "../../../app/api/projects/[projectId]/imports/route.ts";
import { aWebWorld, type WebWorld } from "../../../testing/a-web-world.ts";
import { callRoute } from "../../../testing/call-route.ts";

const database = testDatabase();
let world: WebWorld;
let uploads: string;

beforeAll(async () => {
  world = await aWebWorld(database.db);
});
afterAll(() => world.close());

beforeEach(async () => {
  const { blobs } = world.services;
  const { key } = await blobs.createUploadFolder();
  uploads = dirname(await blobs.uploadPath(key));
  await blobs.deleteUpload(key);
});

const ZIP = "PK\u0005\u0006".padEnd(22, "\0");

function upload(body: BodyInit, headers?: Record<string, string>): Promise<Response> {
  return callRoute(POST, {
    caller: world.home.callers.engineer,
    params: { projectId: world.home.projectId },
    body,
    ...(headers === undefined ? {} : { headers }),
  });
}

function aForm(...parts: [field: string, content: string, name: string][]): FormData {
  const form = new FormData();
  for (const [field, content, name] of parts) form.append(field, new Blob([content]), name);
  return form;
}

async function jobsOf(importId: string): Promise<number> {
  const { rows } = await world.db.pool.query(
    `select 1 from graphile_worker._private_jobs where payload->>'importId' = $1`,
    [importId],
  );
  return rows.length;
}

async function codeOf(answer: Response): Promise<[number, string]> {
  const { error } = (await answer.json()) as { error: { code: string } };
  return [answer.status, error.code];
}

/** Nothing that a refused upload might have left: no file, no row. */
async function expectNothingLeft(before: readonly ImportView[]): Promise<void> {
  expect(await readdir(uploads)).toEqual([]);
  expect(await world.db.imports.list(world.home.projectId)).toEqual(before);
}

test("an archive becomes an import with a job and an event, all at once", async () => {
  const before = await world.db.events.newestSequence(world.home.projectId);
  const answer = await upload(aForm(["archive", ZIP, "C:\\parts\\caps.zip"]));
  expect(answer.status).toBe(201);
  const created = ((await answer.json()) as { import: ImportView }).import;

  expect(created).toMatchObject({ fileName: "caps.zip", sizeBytes: 22, status: "uploaded" });
  expect(await jobsOf(created.id)).toBe(1);
  const [event] = await world.db.events.listAfter(world.home.projectId, before, 10);
  expect(event?.body).toMatchObject({ type: "import.progress", importId: created.id });

  const claimed = await world.db.imports.claim(created.id);
  expect(await world.services.blobs.uploadPath(claimed!.uploadKey)).toContain(uploads);
  await world.services.blobs.deleteUpload(claimed!.uploadKey);
});

test("a dropped folder keeps its paths", async () => {
  const answer = await upload(
    aForm(
      ["files", "one", "caps/train/good/001.png"],
      ["files", "two", "caps/test/scratch/ü 2.png"],
    ),
  );
  expect(answer.status).toBe(201);
  const created = ((await answer.json()) as { import: ImportView }).import;
  expect(created).toMatchObject({ fileName: "caps", sizeBytes: 6 });

  const claimed = await world.db.imports.claim(created.id);
  const folder = await world.services.blobs.uploadPath(claimed!.uploadKey);
  const files = await readdir(folder, { recursive: true });
  expect(files.filter((file) => file.endsWith(".png")).toSorted()).toEqual([
    "caps/test/scratch/ü 2.png",
    "caps/train/good/001.png",
  ]);
  await world.services.blobs.deleteUpload(claimed!.uploadKey);
});

test.each<[string, () => BodyInit, [number, string]]>([
  ["no zip", () => aForm(["archive", "\u0089PNG....", "a.zip"]), [422, "IMPORT_REFUSED"]],
  ["an empty file", () => aForm(["archive", "", "a.zip"]), [422, "IMPORT_REFUSED"]],
  ["a form without files", () => new FormData(), [400, "BAD_INPUT"]],
  ["an unknown field", () => aForm(["file", ZIP, "a.zip"]), [400, "BAD_INPUT"]],
  [
    "two archives",
    () => aForm(["archive", ZIP, "a.zip"], ["archive", ZIP, "b.zip"]),
    [400, "BAD_INPUT"],
  ],
  [
    "both kinds",
    () => aForm(["files", "x", "a/b.png"], ["archive", ZIP, "b.zip"]),
    [400, "BAD_INPUT"],
  ],
  [
    "a path that climbs",
    () => aForm(["files", "x", "a/../../../etc/cron.d/x"]),
    [400, "BAD_INPUT"],
  ],
  ["an absolute path", () => aForm(["files", "x", "/etc/passwd"]), [400, "BAD_INPUT"]],
  ["plain JSON", () => "{}", [400, "BAD_INPUT"]],
])("refuses %s and leaves nothing", async (_what, body, expected) => {
  const before = await world.db.imports.list(world.home.projectId);
  expect(await codeOf(await upload(body()))).toEqual(expected);
  await expectNothingLeft(before);
});

test("refuses what announces more than the limit before reading it", async () => {
  const before = await world.db.imports.list(world.home.projectId);
  const huge = { "content-length": String(9 * 1024 ** 3) };
  expect(await codeOf(await upload(aForm(["archive", ZIP, "a.zip"]), huge))).toEqual([
    413,
    "TOO_LARGE",
  ]);
  await expectNothingLeft(before);
});

test("a client that goes away in the middle leaves nothing", async () => {
  const before = await world.db.imports.list(world.home.projectId);
  const head =
    '--x\r\nContent-Disposition: form-data; name="archive"; filename="a.zip"\r\n\r\nPK\u0003\u0004';
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(head + "a".repeat(100_000)));
      setTimeout(() => controller.error(new Error("socket hang up")), 30);
    },
  });
  const answer = await upload(body, { "content-type": "multipart/form-data; boundary=x" });
  expect(answer.status).toBe(500);
  await expectNothingLeft(before);
});

test("a name with a NUL is bad input, in an archive's name and in a folder's path", async () => {
  const before = await world.db.imports.list(world.home.projectId);
  for (const form of [
    aForm(["archive", ZIP, "a\0.zip"]),
    aForm(["files", "x", "cap/a\0/1.png"]),
    aForm(["files", "x", "cap\0"]),
  ]) {
    expect(await codeOf(await upload(form))).toEqual([400, "BAD_INPUT"]);
  }
  await expectNothingLeft(before);
});

test("an archive's name is shown without what nobody can see", async () => {
  const name = `piz\u202e\u200b${"ü".repeat(300)}.zip`;
  const answer = await upload(aForm(["archive", ZIP, name]));
  expect(answer.status).toBe(201);
  const { fileName } = ((await answer.json()) as { import: ImportView }).import;
  expect(fileName).toMatch(/^pizü+$/);
  expect(new TextEncoder().encode(fileName).byteLength).toBeLessThanOrEqual(255);
});
