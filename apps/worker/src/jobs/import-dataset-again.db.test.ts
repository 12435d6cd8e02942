import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { testDatabase } from "@loupe/db/testing";
import sharp from "sharp";
import { beforeEach, describe, expect, test } from "vitest";

import { drawMask, drawPart } from "../testing/draw-part.ts";
import {
  anImportWorld,
  deliverImport,
  uploadZip,
  zipOf,
  type Files,
  type ImportWorld,
} from "../testing/import-world.ts";
import { makeZip } from "../testing/make-zip.ts";
import { scratchFolder } from "../testing/scratch-folder.ts";

const database = testDatabase();
const scratch = scratchFolder();
const DEFECT = { x: 10, y: 12, side: 9 };

let world: ImportWorld;
beforeEach(async () => {
  world = await anImportWorld(database.db, scratch.path);
});

async function countImages(): Promise<number> {
  const { rows } = await world.db.images.list({ projectId: world.projectId, limit: 200 });
  return rows.length;
}

/** Pairs of a defective image and its mask. */
async function pairs(count: number): Promise<Files> {
  const files: Record<string, Uint8Array> = {};
  for (let i = 0; i < count; i++) {
    const name = String(i).padStart(3, "0");
    files[`cap/test/bent/${name}.png`] = await drawPart({ seed: 100 + i, defect: DEFECT });
    files[`cap/ground_truth/bent/${name}_mask.png`] = await drawMask({ seed: 1, defect: DEFECT });
  }
  return files;
}

describe("an import job that is delivered again", () => {
  test.each([5, 20, 35])("goes on after it was stopped behind %i images", async (after) => {
    const id = await uploadZip(world, await zipOf(await pairs(40), scratch.path));
    const stop = new AbortController();
    const delivery = deliverImport(world, id, { signal: stop.signal });
    delivery.catch(() => undefined);
    while ((await countImages()) < after) await sleep(2);
    stop.abort(new Error("the worker stops"));
    await expect(delivery).rejects.toThrow("the worker stops");

    const view = await deliverImport(world, id);
    expect(view).toMatchObject({
      status: "succeeded",
      filesDone: 80,
      filesTotal: 80,
      outcomes: { accepted: 40, mask_accepted: 40 },
    });
    expect((await world.db.images.countByCategory(world.projectId))[0]).toMatchObject({
      testDefective: 40,
      masks: 40,
    });
  });

  test("does nothing once the import has ended", async () => {
    const id = await uploadZip(world, await zipOf(await pairs(2), scratch.path));
    const first = await deliverImport(world, id);
    const newest = await world.db.events.newestSequence(world.projectId);
    expect(await deliverImport(world, id)).toEqual(first);
    expect(await world.db.events.newestSequence(world.projectId)).toBe(newest);
  });

  test("is tried again after a fault of ours, and takes everything back after the last", async () => {
    const id = await uploadZip(world, await zipOf(await pairs(2), scratch.path));
    const broken = { ...world, folder: join(scratch.path, randomUUID()) };
    await writeFile(broken.folder, "a file where the scratch folder should be");
    await expect(deliverImport(broken, id)).rejects.toThrow(/ENOTDIR|EEXIST/u);
    expect((await world.db.imports.find(id))?.status).toBe("running");

    const view = await deliverImport(broken, id, { isLastAttempt: true });
    expect(view).toMatchObject({ status: "failed", outcomes: {} });
    expect(view.error).toContain("fault on our side");
    expect(await countImages()).toBe(0);
  });
});

test("an import of many pictures keeps memory flat", async () => {
  const noise = await sharp({
    create: {
      width: 1500,
      height: 1500,
      channels: 3,
      background: "grey",
      noise: { type: "gaussian", mean: 128, sigma: 40 },
    },
  })
    .png({ compressionLevel: 0 })
    .toBuffer();
  const entries = Array.from({ length: 30 }, (_, i) => {
    // Bytes behind the end of a picture change its content hash and nothing else.
    const data = Buffer.concat([noise, Buffer.from([i])]);
    return { name: `train/good/${i}.png`, data, isStored: true };
  });
  const archive = makeZip(entries);
  expect(archive.length).toBeGreaterThan(190 * 1024 ** 2);
  const id = await uploadZip(world, archive);
  entries.length = 0;

  const before = process.memoryUsage();
  let peak = 0;
  const watch = setInterval(() => {
    const { heapUsed, external } = process.memoryUsage();
    peak = Math.max(peak, heapUsed + external);
  }, 5);
  const view = await deliverImport(world, id);
  clearInterval(watch);
  expect(view.outcomes).toEqual({ accepted: 30 });
  expect(peak - before.heapUsed - before.external).toBeLessThan(100 * 1024 ** 2);
});
