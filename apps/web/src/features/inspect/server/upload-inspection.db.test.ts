import { QUEUE_LIMITS, type InspectionView, type UserId } from "@loupe/contracts";
import { testDatabase } from "@loupe/db/testing";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";

import { POST } from "../../../app/api/projects/[projectId]/inspections/route.ts";
import {
  aPicture,
  aWebWorld,
  fillProject,
  type Content,
  type WebWorld,
} from "../../../testing/a-web-world.ts";
import { callRoute } from "../../../testing/call-route.ts";

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

test("new pictures become an inspection of the newest model, with a job", async () => {
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
  for (const file of refused)
    expect(file.reason).toMatch(/^Expected a PNG, JPEG, WebP, TIFF or BMP picture/);
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
  const { rows } = await world.db.images.list({ projectId: world.home.projectId, limit: 50 });
  const stored = rows.find(({ fileName }) => fileName === "0001.tif");
  const path = await world.services.blobs.path(stored!.sha256);
  expect((await sharp(path).metadata()).format).toBe("png");
});

test("a picture that the project has is scored again, not stored again", async () => {
  const picture = await aPicture();
  const first = await upload(aForm([["a.png", picture]]));
  const second = await upload(aForm([["b.png", picture]]));
  const imagesOf = ([, { inspection }]: [number, Answer]) =>
    world.db.inspections.images(inspection.id);
  expect(await imagesOf(second)).toMatchObject([{ imageId: (await imagesOf(first))[0]!.imageId }]);
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
  await db.pool.query(`update inspection set status = 'failed'`);
  expect((await upload(aForm([["a.png", await aPicture()]])))[0]).toBe(201);
});
