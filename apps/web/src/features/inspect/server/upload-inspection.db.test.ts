import { readdir } from "node:fs/promises";
import { crc32 } from "node:zlib";

import { PICTURE_REFUSALS, QUEUE_LIMITS, type InspectionView, type UserId } from "@loupe/contracts";
import { aPerson, testDatabase } from "@loupe/db/testing";
import { openMemoryBlobStore } from "@loupe/platform/testing";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";

import { POST } from "../../../app/api/projects/[projectId]/inspections/route.ts";
import { provideServices } from "../../../server/services.ts";
import {
  aPicture,
  aWebWorld,
  fillProject,
  signIn,
  type Content,
  type WebWorld,
} from "../../../testing/a-web-world.ts";
import { callRoute } from "../../../testing/call-route.ts";
import { interruptedForm, LOST_ACCESS } from "../../../testing/interrupted-form.ts";

const database = testDatabase();
let world: WebWorld;
let content: Content;
let foreign: Content;

beforeAll(async () => {
  world = await aWebWorld(database.db);
  content = await fillProject(world.services, world.home);
  foreign = await fillProject(world.services, world.elsewhere);
});
afterAll(() => world.close());

type Answer = {
  inspection: InspectionView;
  refused: { fileName: string; reason: string }[];
  error: { code: string; message: string };
};

async function upload(form: FormData): Promise<[number, Answer]> {
  const answer = await callRoute(POST, {
    caller: world.home.callers.reviewer,
    params: { projectId: world.home.projectId },
    body: form,
  });
  return [answer.status, (await answer.json()) as Answer];
}

function aForm(files: [string, Uint8Array][], fields: Record<string, string> = {}): FormData {
  const form = new FormData();
  for (const [name, bytes] of files) form.append("files", new Blob([new Uint8Array(bytes)]), name);
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  return form;
}

test("new pictures become an inspection of the active version, with a job", async () => {
  const pictures = await Promise.all([aPicture("png"), aPicture("jpeg"), aPicture("webp")]);
  const files = pictures.map((bytes, i): [string, Uint8Array] => [`drop/${i}.bin`, bytes]);
  const [status, { inspection, refused }] = await upload(aForm(files));

  expect(status).toBe(201);
  expect(refused).toEqual([]);
  expect(inspection).toMatchObject({
    status: "queued",
    imagesTotal: 3,
    model: { id: content.model.id },
  });
  const images = await world.db.inspections.images(inspection.id);
  expect(images.map((image) => image.fileName).toSorted()).toEqual(["0.bin", "1.bin", "2.bin"]);
  expect(new Set(images.map((image) => image.category))).toEqual(new Set(["part"]));
  const { rows } = await world.db.pool.query(
    `select 1 from graphile_worker._private_jobs where payload->>'inspectionId' = $1`,
    [inspection.id],
  );
  expect(rows).toHaveLength(1);
});

test("a file that is no picture is named with its reason and does not stop the others", async () => {
  const picture = await aPicture();
  const truncated = (await aPicture("jpeg")).subarray(0, 700);
  const svg = Buffer.from("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>");
  const [status, { inspection, refused }] = await upload(
    aForm([
      ["notes.txt", Buffer.from("hello")],
      ["good.png", picture],
      ["half.jpg", truncated],
      ["logo.svg", svg],
    ]),
  );
  expect(status).toBe(201);
  expect(inspection.imagesTotal).toBe(1);
  expect(refused.map((file) => file.fileName)).toEqual(["notes.txt", "half.jpg", "logo.svg"]);
  // The sentences of an import's report.
  expect(refused.map((file) => file.reason)).toEqual([
    PICTURE_REFUSALS.notAPicture(),
    expect.stringMatching(/^The picture cannot be decoded \(.+\)\.$/u),
    PICTURE_REFUSALS.otherFormat("SVG"),
  ]);
});

test("a camera's TIFF is kept as PNG, and a broken one is named", async () => {
  const tiff = await sharp(await aPicture("png"))
    .tiff({ compression: "lzw" })
    .toBuffer();
  const [status, { inspection, refused }] = await upload(
    aForm([
      ["line/0001.tif", tiff],
      ["line/0002.tif", tiff.subarray(0, tiff.length / 2)],
    ]),
  );
  expect(status).toBe(201);
  expect(inspection.imagesTotal).toBe(1);
  expect(refused.map(({ fileName }) => fileName)).toEqual(["0002.tif"]);
  const rows = await world.db.inspections.images(inspection.id);
  const stored = rows.find(({ fileName }) => fileName === "0001.tif");
  const bytes = await world.services.blobs.readBytes(stored!.sha256);
  expect((await sharp(bytes).metadata()).format).toBe("png");
});

test("pictures are received into a store that has no paths", async () => {
  const blobs = openMemoryBlobStore();
  provideServices({ ...world.services, blobs });
  const tiff = await sharp(await aPicture())
    .tiff()
    .toBuffer();
  const [status, { inspection }] = await upload(
    aForm([
      ["a.png", await aPicture()],
      ["b.tif", tiff],
    ]),
  );
  provideServices(world.services);
  expect(status).toBe(201);
  const rows = await world.db.inspections.images(inspection.id);
  const formats = rows.map(async ({ sha256 }) => sharp(await blobs.readBytes(sha256)).metadata());
  expect((await Promise.all(formats)).map(({ format }) => format)).toEqual(["png", "png"]);
});

test("a picture that the project has is scored again, not stored again", async () => {
  const picture = await aPicture();
  const first = await upload(aForm([["a.png", picture]]));
  const second = await upload(aForm([["b.png", picture]]));
  const imagesOf = ([, { inspection }]: [number, Answer]) =>
    world.db.inspections.images(inspection.id);
  expect(await imagesOf(second)).toMatchObject([{ imageId: (await imagesOf(first))[0]!.imageId }]);
});

test("what is inspected is no data: neither counted nor listed, and free for an import", async () => {
  const { projectId } = world.home;
  const counts = await world.db.images.countByCategory(projectId);
  const picture = await aPicture();
  const [, { inspection }] = await upload(aForm([["a.png", picture]]));
  const [inspected] = await world.db.inspections.images(inspection.id);
  expect(await world.db.images.countByCategory(projectId)).toEqual(counts);
  const { rows } = await world.db.images.list({ projectId, limit: 200 });
  expect(rows.map(({ id }) => id)).not.toContain(inspected!.imageId);

  const { sha256 } = inspected!;
  const { image, isNew } = await world.db.images.create({
    projectId,
    category: "part",
    sha256,
    fileName: "a.png",
    sourcePath: "part/train/good/a.png",
    sizeBytes: picture.length,
    width: 48,
    height: 32,
    label: "good",
    defectType: null,
    split: "train",
  });
  expect(isNew).toBe(true);
  expect(image.id).not.toBe(inspected!.imageId);
});

test("a category that the model does not know is refused with those that it knows", async () => {
  const { projectId } = world.home;
  const files: [string, Uint8Array][] = [["a.png", await aPicture()]];
  const [status, { error }] = await upload(aForm(files, { category: "made up" }));
  expect([status, error.code]).toEqual([400, "BAD_INPUT"]);
  expect(error.message).toBe(
    `Expected one of the categories that version ${content.model.number} knows (part), got "made up". Choose one of them.`,
  );
  const categories = await world.db.images.countByCategory(projectId);
  expect(categories.map(({ category }) => category)).toEqual(["part"]);
  expect((await upload(aForm(files, { category: "part" })))[0]).toBe(201);
});

test.each([
  ["a name", { name: "shift\0" }],
  ["a name that turns around", { name: "shift\u202e" }],
  ["a long name", { name: "x".repeat(81) }],
  ["a category", { category: "part\0" }],
  ["a flood", { name: "x".repeat(4 * 1024 ** 2) }],
])("refuses %s that is no text with a sentence", async (_, fields) => {
  const files: [string, Uint8Array][] = [["a.png", await aPicture()]];
  const [status, { error }] = await upload(aForm(files, fields));
  expect([status, error.code]).toEqual([400, "BAD_INPUT"]);
  expect(error.message).toMatch(/Expected .*(Remove it|Shorten it|got more)\./);
});

test("a file's name is stored without what nobody can see, and one with a NUL is refused", async () => {
  const picture = await aPicture();
  const [, { inspection }] = await upload(aForm([["gpj\u202e\u200b.png", picture]]));
  expect(await world.db.inspections.images(inspection.id)).toMatchObject([{ fileName: "gpj.png" }]);
  const [status, { error }] = await upload(aForm([["a\0.png", picture]]));
  expect([status, error.code]).toEqual([400, "BAD_INPUT"]);
});

/** Every file of the blob store, wherever it lies. */
async function storedFiles(): Promise<string[]> {
  const found = await readdir(world.blobFolder, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .toSorted();
}

test.each(LOST_ACCESS)(
  "an upload whose author %s before its end is refused and leaves nothing",
  async (_what, sql, status) => {
    const { organisationId, projectId } = world.home;
    const before = await world.db.inspections.list(projectId);
    const userId = await aPerson(world.db, { organisationId, role: "reviewer" });
    const caller = await signIn(world.services, userId, "leaver");
    const filesBefore = await storedFiles();
    const form = aForm([
      ["a.png", await aPicture()],
      ["b.txt", Buffer.from("no picture")],
    ]);
    const late = await interruptedForm(form, () => world.db.pool.query(sql, [userId]));
    const answer = await callRoute(POST, { caller, params: { projectId }, ...late });
    expect(answer.status).toBe(status);
    expect(await world.db.inspections.list(projectId)).toEqual(before);
    expect(await storedFiles()).toEqual(filesBefore);
  },
);

test("what is refused leaves no files, and of what is taken only the pictures stay", async () => {
  const filesBefore = await storedFiles();
  const foreignModel = { modelVersionId: foreign.model.id };
  expect((await upload(aForm([["a.png", await aPicture()]], foreignModel)))[0]).toBe(404);
  expect((await upload(aForm([["a.txt", Buffer.from("hello")]])))[0]).toBe(400);
  expect(await storedFiles()).toEqual(filesBefore);
  const mixed = aForm([
    ["a.png", await aPicture()],
    ["a.txt", Buffer.from("another text")],
  ]);
  expect((await upload(mixed))[0]).toBe(201);
  expect(await storedFiles()).toHaveLength(filesBefore.length + 1);
});

test("refuses a form without a picture and a model of another organisation", async () => {
  const before = await world.db.inspections.list(world.home.projectId);
  const [empty, nothing] = await upload(aForm([]));
  expect([empty, nothing.error.code]).toEqual([400, "BAD_INPUT"]);
  const [text, refusal] = await upload(aForm([["a.txt", Buffer.from("hello")]]));
  expect([text, refusal.error.code]).toEqual([400, "BAD_INPUT"]);
  const [missing, answer] = await upload(
    aForm([["a.png", await aPicture()]], { modelVersionId: foreign.model.id }),
  );
  expect([missing, answer.error.code]).toEqual([404, "NOT_FOUND"]);
  expect(await world.db.inspections.list(world.home.projectId)).toEqual(before);
});

test("an interlaced giant is refused by its header and does not stop the others", async () => {
  const giant = await sharp({ create: { width: 8, height: 8, channels: 4, background: "red" } })
    .toColourspace("rgb16")
    .png({ progressive: true })
    .toBuffer();
  giant.writeUInt32BE(9900, 16);
  giant.writeUInt32BE(9900, 20);
  giant.writeUInt32BE(crc32(giant.subarray(12, 29)), 29);
  const [status, { inspection, refused }] = await upload(
    aForm([
      ["giant.png", giant],
      ["part.png", await aPicture()],
    ]),
  );
  expect(status).toBe(201);
  expect(inspection.imagesTotal).toBe(1);
  expect(refused.map(({ fileName }) => fileName)).toEqual(["giant.png"]);
  expect(refused[0]?.reason).toContain("Save it without interlacing");
});

test("an organisation may have so many unfinished inspections", async () => {
  const { db, home } = world;
  const scored = { projectId: home.projectId, modelVersionId: content.model.id };
  const { rows } = await db.pool.query<{ userId: UserId }>(`select "userId" from member limit 1`);
  for (let i = 0; i < QUEUE_LIMITS.inspections; i++) {
    await db.inspections.create({ ...scored, createdById: rows[0]!.userId });
  }
  const [status, { error }] = await upload(aForm([["a.png", await aPicture()]]));
  expect([status, error.code]).toEqual([429, "TOO_MANY_REQUESTS"]);
  expect(error.message).toMatch(/unfinished inspections.*Wait until one has ended/u);
  await db.pool.query(`update inspection set status = 'cancelled'`);
  expect((await upload(aForm([["a.png", await aPicture()]])))[0]).toBe(201);
});
