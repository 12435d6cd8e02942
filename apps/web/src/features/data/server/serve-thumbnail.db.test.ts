import { crc32 } from "node:zlib";

import { rm } from "node:fs/promises";
import { join } from "node:path";

import type { ImageView } from "@loupe/contracts";
import { anImage, testDatabase } from "@loupe/db/testing";
import { PictureGate } from "@loupe/platform";
import { openMemoryBlobStore } from "@loupe/platform/testing";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";

import { GET as getOriginal } from "../../../app/api/images/[imageId]/original/route.ts";
import { GET as getThumbnail } from "../../../app/api/images/[imageId]/thumbnail/route.ts";
import { provideServices } from "../../../server/services.ts";
import { aPicture, aWebWorld, type WebWorld } from "../../../testing/a-web-world.ts";
import { callRoute, type RouteHandler } from "../../../testing/call-route.ts";

const database = testDatabase();
let world: WebWorld;
beforeAll(async () => {
  world = await aWebWorld(database.db);
});
afterAll(() => world.close());

async function anImageOf(bytes: Uint8Array): Promise<ImageView> {
  const sha256 = await world.services.blobs.putBytes(bytes);
  return anImage(world.db, { projectId: world.home.projectId, sha256 });
}

function ask(handler: RouteHandler, image: ImageView): Promise<Response> {
  return callRoute(handler, {
    caller: world.home.callers.viewer,
    params: { imageId: image.id },
  });
}

/** An interlaced PNG of 16 bits whose header claims 9900 × 9900; there is no more of it. */
async function anInterlacedGiant(): Promise<Buffer> {
  const png = await sharp({ create: { width: 8, height: 8, channels: 4, background: "red" } })
    .toColourspace("rgb16")
    .png({ progressive: true })
    .toBuffer();
  png.writeUInt32BE(9900, 16);
  png.writeUInt32BE(9900, 20);
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
  return png;
}

test("a picture that would fill the memory is refused by its header, with what to do", async () => {
  const answer = await ask(getThumbnail, await anImageOf(await anInterlacedGiant()));
  expect(answer.status).toBe(413);
  expect(await answer.json()).toMatchObject({
    error: {
      code: "TOO_LARGE",
      message: expect.stringMatching(
        /^Expected a picture that takes at most 400 MB to decode, got an interlaced one of 9900 × 9900 that takes 785 MB\. Save it without interlacing/,
      ) as string,
    },
  });
});

test("thumbnails are made when their turn comes", async () => {
  const { blobs, pictures } = world.services;
  const heldKey = await blobs.putBytes(await aPicture());
  let end = () => {};
  const ended = new Promise<void>((resolve) => (end = resolve));
  const holding = blobs.withLocalFile(heldKey, (held) =>
    Promise.all([1, 2].map(() => pictures.decode(held, () => ended))),
  );
  let isAnswered = false;
  const answer = ask(getThumbnail, await anImageOf(await aPicture())).then((it) => {
    isAnswered = true;
    return it;
  });
  while (pictures.waiting === 0) await new Promise((resolve) => setTimeout(resolve, 2));
  expect(isAnswered).toBe(false);
  end();
  expect((await answer).status).toBe(200);
  await holding;
});

test("pictures come as well from a store that has no paths", async () => {
  const bytes = await aPicture();
  const blobs = openMemoryBlobStore();
  const sha256 = await blobs.putBytes(bytes);
  const image = await anImage(world.db, { projectId: world.home.projectId, sha256 });
  provideServices({ ...world.services, blobs });
  const [original, thumbnail] = [await ask(getOriginal, image), await ask(getThumbnail, image)];
  provideServices(world.services);
  expect(original.headers.get("content-type")).toBe("image/png");
  expect(Buffer.from(await original.arrayBuffer())).toEqual(bytes);
  const small = await sharp(await thumbnail.arrayBuffer()).metadata();
  expect(small.format).toBe("webp");
});

test("the rest of an original can be asked for", async () => {
  const bytes = await aPicture();
  const image = await anImageOf(bytes);
  const answer = await callRoute(getOriginal, {
    caller: world.home.callers.viewer,
    params: { imageId: image.id },
    headers: { range: "bytes=10-" },
  });
  expect(answer.status).toBe(206);
  expect(answer.headers.get("content-range")).toBe(`bytes 10-${bytes.length - 1}/${bytes.length}`);
  expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes.subarray(10));
});

test("a picture whose file is gone says that the file is missing", async () => {
  const image = await anImageOf(await aPicture());
  const { sha256 } = await world.db.images.requireFile(image.id);
  await rm(join(world.blobFolder, "sha256", sha256.slice(0, 2), sha256));
  for (const handler of [getOriginal, getThumbnail]) {
    const answer = await ask(handler, image);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ error: { code: "FILE_MISSING" } });
  }
});

test("a damaged picture is said to be damaged, and is no fault of the server", async () => {
  const whole = await aPicture("jpeg");
  const damaged = Buffer.concat([whole.subarray(0, 40), Buffer.alloc(400, 7)]);
  const answer = await ask(getThumbnail, await anImageOf(damaged));
  expect(answer.status).toBe(422);
  expect(await answer.json()).toMatchObject({ error: { code: "PICTURE_UNREADABLE" } });
});

test("when too many pictures wait the next is told when to come again", async () => {
  const pictures = new PictureGate({ heldBytes: 1e9, smallBytes: 1e8, atOnce: 1, waiting: 0 });
  provideServices({ ...world.services, pictures });
  const answer = await ask(getThumbnail, await anImageOf(await aPicture()));
  provideServices(world.services);
  expect(answer.status).toBe(429);
  expect(answer.headers.get("retry-after")).toBe("5");
});
