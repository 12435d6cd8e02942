import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";

import { QUEUE_LIMITS, type ImportView } from "@loupe/contracts";
import { aPerson, testDatabase } from "@loupe/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";

import { POST } from "../../../app/api/projects/[projectId]/imports/route.ts";
import { aWebWorld, signIn, type WebWorld } from "../../../testing/a-web-world.ts";
import { callRoute } from "../../../testing/call-route.ts";
import { interruptedForm, LOST_ACCESS } from "../../../testing/interrupted-form.ts";

const database = testDatabase();
let world: WebWorld;
let uploads: string;

beforeAll(async () => {
  world = await aWebWorld(database.db);
  uploads = join(world.blobFolder, "uploads");
});
afterAll(() => world.close());

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

/** What an upload holds, as the worker will find it. */
function listUpload(key: string): Promise<string[]> {
  return world.services.blobs.withUpload(key, async (upload) => {
    if (upload.kind === "file") return ["the archive"];
    const paths: string[] = [];
    for await (const { path } of upload.files) paths.push(path);
    return paths.toSorted();
  });
}

/** The lanes of the import's jobs. */
async function lanesOf(importId: string): Promise<(string | null)[]> {
  const { rows } = await world.db.pool.query<{ lane: string | null }>(
    `select lane.queue_name as lane from graphile_worker._private_jobs job
     left join graphile_worker._private_job_queues lane on lane.id = job.job_queue_id
     where job.payload->>'importId' = $1`,
    [importId],
  );
  return rows.map(({ lane }) => lane);
}

/** Imports of one project run in turn: what one takes back, another may have met as a duplicate. */
const lane = () => [`dataset.import:${world.home.projectId}`];

async function codeOf(answer: Response): Promise<[number, string]> {
  const { error } = (await answer.json()) as { error: { code: string } };
  return [answer.status, error.code];
}

/** Nothing that a refused upload might have left: no file, no row. */
async function expectNothingLeft(before: readonly ImportView[]): Promise<void> {
  expect(await readdir(uploads)).toEqual([]);
  expect(await readdir(join(dirname(uploads), "temporary"))).toEqual([]);
  expect(await world.db.imports.list(world.home.projectId)).toEqual(before);
}

test("an archive becomes an import with a job and an event, all at once", async () => {
  const before = await world.db.events.newestSequence(world.home.projectId);
  const answer = await upload(aForm(["archive", ZIP, "C:\\parts\\caps.zip"]));
  expect(answer.status).toBe(201);
  const created = ((await answer.json()) as { import: ImportView }).import;

  expect(created).toMatchObject({ fileName: "caps.zip", sizeBytes: 22, status: "uploaded" });
  expect(await lanesOf(created.id)).toEqual(lane());
  const [event] = await world.db.events.listAfter(world.home.projectId, before, 10);
  expect(event?.body).toMatchObject({ type: "import.status", importId: created.id });

  const claimed = await world.db.imports.claim(created.id);
  expect(await listUpload(claimed!.uploadKey)).toEqual(["the archive"]);
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
  expect(await listUpload(claimed!.uploadKey)).toEqual([
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

test.each(LOST_ACCESS)(
  "an upload whose author %s before its end is refused and leaves nothing",
  async (_what, sql, status) => {
    const before = await world.db.imports.list(world.home.projectId);
    const { organisationId, projectId } = world.home;
    const userId = await aPerson(world.db, { organisationId, role: "engineer" });
    const caller = await signIn(world.services, userId, "leaver");
    for (const form of [
      aForm(["archive", ZIP.padEnd(200_000, "z"), "late.zip"]),
      aForm(["files", "x".repeat(200_000), "a/b.png"]),
    ]) {
      const late = await interruptedForm(form, () => world.db.pool.query(sql, [userId]));
      const answer = await callRoute(POST, { caller, params: { projectId }, ...late });
      // The second form is refused at the beginning already.
      expect([status, 401]).toContain(answer.status);
      await expectNothingLeft(before);
    }
  },
);

const ODD_PATHS: readonly string[] = [
  `a/${"n".repeat(300)}.png`,
  `${"n".repeat(300)}/a.png`,
  "a/".repeat(2_500) + "b.png",
  "a/b\u0000.png",
  "a//b.png",
  "a/./b.png",
  "a/..",
  "a/b/",
  "a\\b.png",
];

/** A form as bytes of our own: a browser's form would clean some names. */
function rawForm(names: readonly string[]): { body: string; headers: Record<string, string> } {
  const parts = names.map(
    (name) =>
      `--x\r\nContent-Disposition: form-data; name="files"; filename*=UTF-8''${encodeURIComponent(name)}\r\n\r\nxyz\r\n`,
  );
  const headers = { "content-type": "multipart/form-data; boundary=x" };
  return { body: `${parts.join("")}--x--\r\n`, headers };
}

test.each<[string, readonly string[]]>([
  ...ODD_PATHS.map((path): [string, readonly string[]] => [path, ["a/first.png", path]]),
  ["a file where a folder is", ["a/b/c.png", "a/b"]],
  ["a folder where a file is", ["a/b", "a/b/c.png"]],
  ["a folder deep below a file", ["a/b", "a/b/c/d/e.png"]],
  ["one path twice", ["a/b.png", "a/b.png"]],
])("refuses a folder with %j in a sentence and leaves nothing", async (_what, names) => {
  const before = await world.db.imports.list(world.home.projectId);
  const { body, headers } = rawForm(names);
  const answer = await upload(body, headers);
  expect(answer.status).toBe(400);
  const { error } = (await answer.json()) as { error: { code: string; message: string } };
  expect(error.code).toBe("BAD_INPUT");
  expect(error.message).toMatch(/^Expected .+, got .+\. (Rename|Remove) it/);
  await expectNothingLeft(before);
});

test("takes names that look odd and are none", async () => {
  const names = ["a/Good/1.png", "a/good/1.PNG", "a/aux/con.png", "a/10:00 .png.", "a/ü/…"];
  const { body, headers } = rawForm(names);
  const answer = await upload(body, headers);
  expect(answer.status).toBe(201);
  const created = ((await answer.json()) as { import: ImportView }).import;
  const claimed = await world.db.imports.claim(created.id);
  expect(await listUpload(claimed!.uploadKey)).toEqual(names.toSorted());
  await world.services.blobs.deleteUpload(claimed!.uploadKey);
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

test("an organisation may have so many unfinished imports, even when all come at once; others go on", async () => {
  const { db, home, elsewhere, services } = world;
  await db.pool.query(
    `update import set status = 'failed' where status in ('uploaded', 'running')`,
  );
  const filesBefore = (await readdir(uploads)).length;
  const answers = await Promise.all(
    Array.from({ length: QUEUE_LIMITS.imports + 3 }, () =>
      upload(aForm(["archive", ZIP, "a.zip"])),
    ),
  );
  const statuses = answers.map(({ status }) => status);
  expect(statuses.filter((status) => status === 201)).toHaveLength(QUEUE_LIMITS.imports);
  expect(statuses.filter((status) => status === 429)).toHaveLength(3);

  const refused = await upload(aForm(["archive", ZIP, "a.zip"]));
  const { error } = (await refused.json()) as { error: { code: string; message: string } };
  expect([refused.status, error.code]).toEqual([429, "TOO_MANY_REQUESTS"]);
  expect(error.message).toMatch(/unfinished imports.*Wait until one has ended/u);
  const foreign = await callRoute(POST, {
    caller: elsewhere.callers.engineer,
    params: { projectId: elsewhere.projectId },
    body: aForm(["archive", ZIP, "a.zip"]),
  });
  expect(foreign.status).toBe(201);
  expect(await readdir(uploads)).toHaveLength(filesBefore + QUEUE_LIMITS.imports + 1);

  const [oldest] = (await db.imports.list(home.projectId)).filter((row) => row.finishedAt === null);
  const claimed = await db.imports.claim(oldest!.id);
  await db.imports.finish(oldest!.id, { status: "failed" });
  await services.blobs.deleteUpload(claimed!.uploadKey);
  expect((await upload(aForm(["archive", ZIP, "a.zip"]))).status).toBe(201);
});
