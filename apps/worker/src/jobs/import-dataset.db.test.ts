import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";

import { IMPORT_LIMITS, type ImageView } from "@loupe/contracts";
import { testDatabase } from "@loupe/db/testing";
import { openMemoryBlobStore } from "@loupe/platform/testing";
import sharp from "sharp";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";

import { drawMask, drawPart } from "../testing/draw-part.ts";
import { hearTelemetry } from "../testing/hear-telemetry.ts";
import {
  anImportWorld,
  deliverImport,
  outcomesOf,
  uploadZip,
  zipOf,
  type Files,
  type ImportWorld,
} from "../testing/import-world.ts";
import { makeZip } from "../testing/make-zip.ts";
import { scratchFolder } from "../testing/scratch-folder.ts";
import { waitUntil } from "../testing/wait-until.ts";

const database = testDatabase();
const scratch = scratchFolder();
const DEFECT = { x: 10, y: 12, side: 9 };

let world: ImportWorld;
beforeEach(async () => {
  world = await anImportWorld(database.db, scratch.path);
});

async function importFiles(files: Files, fileName?: string) {
  const id = await uploadZip(world, await zipOf(files, scratch.path), fileName);
  return deliverImport(world, id);
}

async function allImages(): Promise<ImageView[]> {
  const { rows } = await world.db.images.list({ projectId: world.projectId, limit: 200 });
  return rows;
}

/** What is in a folder; a folder that was never made holds nothing. */
async function listed(folder: string): Promise<string[]> {
  return existsSync(folder) ? readdir(folder) : [];
}

async function smallCategory(): Promise<Files> {
  return {
    "ground_truth/bent/000_mask.png": await drawMask({ seed: 9, defect: DEFECT }),
    "train/good/000.png": await drawPart({ seed: 1 }),
    "train/good/001.png": await drawPart({ seed: 2 }),
    "test/good/000.png": await drawPart({ seed: 3 }),
    "test/bent/000.png": await drawPart({ seed: 4, defect: DEFECT }),
  };
}

describe("an import", () => {
  test("stores the images and masks of a category, whatever their order", async () => {
    const files = await smallCategory();
    const view = await importFiles(files, "washer.zip");

    expect(view).toMatchObject({
      status: "succeeded",
      error: null,
      filesDone: 5,
      filesTotal: 5,
      outcomes: { accepted: 4, mask_accepted: 1 },
    });
    expect(await world.db.images.countByCategory(world.projectId)).toMatchObject([
      { category: "washer", trainGood: 2, testGood: 1, testDefective: 1, masks: 1 },
    ]);
    const bent = (await allImages()).find(({ defectType }) => defectType === "bent");
    expect(bent).toMatchObject({ width: 48, height: 48, split: "test", label: "defective" });
    expect(await buffer(await world.blobs.openRead(bent!.sha256))).toEqual(
      files["test/bent/000.png"],
    );
    const mask = await world.db.masks.newestOf(bent!.id);
    const pixels = await sharp(await world.blobs.readBytes(mask!.sha256))
      .raw()
      .toBuffer();
    expect(pixels.filter((value) => value > 0).length / pixels.length).toBeCloseTo(
      DEFECT.side ** 2 / 48 ** 2,
    );
  });

  test("tells that it has begun and how it ended in events, and its counts beside them", async () => {
    const heard = await hearTelemetry(database.url);
    onTestFinished(() => heard.close());
    await importFiles(await smallCategory());
    const isTold = () => heard.bodies("import.files").at(-1)?.filesDone === 5;
    await waitUntil("the last file", () => Promise.resolve(isTold()));
    expect(heard.bodies("import.files").at(-1)).toMatchObject({ filesTotal: 5 });
    const events = await world.db.events.listAfter(world.projectId, 0, 100);
    expect(events.at(-1)?.body).toMatchObject({
      type: "import.status",
      status: "succeeded",
      filesDone: 5,
      filesTotal: 5,
    });
    expect(events[0]?.body).toMatchObject({ type: "import.status", status: "running" });
    expect(events).toHaveLength(2);
  });

  test("removes the upload and its scratch files", async () => {
    await importFiles(await smallCategory());
    expect(await listed(join(world.folder, "blobs", "uploads"))).toEqual([]);
    expect(await listed(join(world.folder, "scratch"))).toEqual([]);
  });

  test("says of every file what became of it and why", async () => {
    const good = await drawPart({ seed: 1 });
    const defective = await drawPart({ seed: 4, defect: DEFECT });
    const mask = await drawMask({ seed: 9, defect: DEFECT });
    const small = await sharp(mask).resize(20, 20).png().toBuffer();
    const files: Files = {
      "cap/train/good/a.png": good,
      "cap/train/good/b.png": good,
      "cap/test/good/c.png": good,
      "cap/test/good/notes.txt": Buffer.from("hello"),
      "cap/test/good/d.svg": Buffer.from("<svg/>"),
      "cap/test/good/e.png": good.subarray(0, 300),
      "cap/test/bent/0.png": defective,
      "cap/test/bent/1.png": await drawPart({ seed: 5, defect: DEFECT }),
      "cap/test/bent/2.png": await drawPart({ seed: 6, defect: DEFECT }),
      "cap/test/bent/3.png": Buffer.from("broken"),
      "cap/ground_truth/bent/0_mask.png": mask,
      "cap/ground_truth/bent/1_mask.png": small,
      "cap/ground_truth/bent/2_mask.png": await drawMask({ seed: 1 }),
      "cap/ground_truth/bent/3_mask.png": mask,
      "cap/ground_truth/bent/4_mask.png": mask,
      "cap/other/x.png": good,
      "cap/readme.txt": Buffer.from("hello"),
      "__MACOSX/cap/._a.png": Buffer.from("x"),
    };
    const id = await uploadZip(world, await zipOf(files, scratch.path));
    const view = await deliverImport(world, id);

    expect(await outcomesOf(world, id)).toEqual({
      "cap/train/good/a.png": "accepted",
      "cap/train/good/b.png": "duplicate",
      "cap/test/good/c.png": "leak",
      "cap/test/good/notes.txt": "not_an_image",
      "cap/test/good/d.svg": "unsupported_image",
      "cap/test/good/e.png": "damaged_image",
      "cap/test/bent/0.png": "accepted",
      "cap/test/bent/1.png": "accepted",
      "cap/test/bent/2.png": "accepted",
      "cap/test/bent/3.png": "not_an_image",
      "cap/ground_truth/bent/0_mask.png": "mask_accepted",
      "cap/ground_truth/bent/1_mask.png": "mask_wrong_size",
      "cap/ground_truth/bent/2_mask.png": "mask_empty",
      "cap/ground_truth/bent/3_mask.png": "mask_without_image",
      "cap/ground_truth/bent/4_mask.png": "mask_without_image",
      "cap/other/x.png": "outside_layout",
      "cap/readme.txt": "ignored",
      "__MACOSX/cap/._a.png": "ignored",
    });
    expect(view.filesDone).toBe(Object.keys(files).length);
    const { rows } = await world.db.imports.listFiles(id, { limit: 100 });
    for (const { reason } of rows) expect(reason).toMatch(/^[A-Z0-9].*\.$/u);
    const duplicate = rows.find(({ outcome }) => outcome === "duplicate");
    expect(duplicate?.reason).toContain("cap/train/good/a.png");
  });

  test("keeps what cameras write as PNG, masks too, and finds a double in it", async () => {
    const tiff = async (png: Buffer) => sharp(png).tiff({ compression: "lzw" }).toBuffer();
    const part = await tiff(await drawPart({ seed: 1 }));
    const defective = await drawPart({ seed: 2, defect: DEFECT });
    const numbered = await sharp(await drawMask({ seed: 2, defect: DEFECT }))
      .toColourspace("b-w")
      .linear(1 / 255, 0)
      .tiff({ compression: "lzw" })
      .toBuffer();
    const view = await importFiles(
      {
        "train/good/000.tif": part,
        "train/good/001.tif": part,
        "test/bent/000.tiff": await tiff(defective),
        "ground_truth/bent/000_mask.tiff": numbered,
      },
      "camera.zip",
    );
    expect(view.outcomes).toEqual({ accepted: 2, duplicate: 1, mask_accepted: 1 });
    const { rows } = await world.db.imports.listFiles(view.id, { limit: 10 });
    expect(rows.find(({ outcome }) => outcome === "accepted")?.reason).toContain(
      "48 × 48, TIFF kept as PNG, stored in camera.",
    );
    for (const { id } of await allImages()) {
      const { sha256 } = await world.db.images.requireFile(id);
      const { format } = await sharp(await world.blobs.readBytes(sha256)).metadata();
      expect(format).toBe("png");
    }
  });

  test("takes several categories at once", async () => {
    const files: Record<string, Uint8Array> = {};
    for (const [at, category] of ["tile", "cap", "nut"].entries()) {
      files[`set/${category}/train/good/0.png`] = await drawPart({ seed: 10 + at });
      files[`set/${category}/test/good/0.png`] = await drawPart({ seed: 20 + at });
    }
    await importFiles(files);
    const counts = await world.db.images.countByCategory(world.projectId);
    expect(counts.map(({ category }) => category).sort()).toEqual(["cap", "nut", "tile"]);
  });

  test("the same archive again adds nothing and names what is there", async () => {
    const files = await smallCategory();
    await importFiles(files, "washer.zip");
    const again = await importFiles(files, "washer.zip");
    expect(again).toMatchObject({ status: "succeeded", outcomes: { duplicate: 5 } });
    expect(await allImages()).toHaveLength(4);
  });

  test("a changed mask of a stored image is its next revision", async () => {
    const files = await smallCategory();
    await importFiles(files, "washer.zip");
    const changed = await drawMask({ seed: 9, defect: { ...DEFECT, side: 4 } });
    const again = await importFiles({ ...files, "ground_truth/bent/000_mask.png": changed });
    expect(again.outcomes).toEqual({ duplicate: 4, mask_accepted: 1 });
    const bent = (await allImages()).find(({ defectType }) => defectType === "bent");
    expect(await world.db.masks.newestOf(bent!.id)).toMatchObject({ revision: 2 });
  });

  test.each([
    ["a folder", () => world.blobs],
    ["memory, which has no paths", openMemoryBlobStore],
  ])("takes a dropped folder like an archive, from and into %s", async (_name, open) => {
    const blobs = open();
    const folder = blobs.createUploadFolder();
    for (const [path, bytes] of Object.entries(await smallCategory())) {
      await folder.add(`washer/${path}`, Readable.from([bytes]), { maxBytes: bytes.length });
    }
    const { id } = await world.db.imports.create({
      projectId: world.projectId,
      createdById: world.engineer,
      fileName: "washer",
      sizeBytes: folder.sizeBytes,
      uploadKey: folder.key,
    });
    expect(await deliverImport({ ...world, blobs }, id)).toMatchObject({
      status: "succeeded",
      outcomes: { accepted: 4, mask_accepted: 1 },
    });
    for (const { id: imageId } of await allImages()) {
      expect(await blobs.has((await world.db.images.requireFile(imageId)).sha256)).toBe(true);
    }
  });

  test("an archive comes out of a store that has no paths, and is removed there", async () => {
    const elsewhere = { ...world, blobs: openMemoryBlobStore() };
    const importId = await uploadZip(elsewhere, await zipOf(await smallCategory(), scratch.path));
    const claimed = await world.db.imports.claim(importId);
    expect(await deliverImport(elsewhere, importId)).toMatchObject({
      status: "succeeded",
      outcomes: { accepted: 4, mask_accepted: 1 },
    });
    const upload = elsewhere.blobs.withUpload(claimed!.uploadKey, () => Promise.resolve());
    await expect(upload).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  test("a file that is too large is left out, the others are taken", async () => {
    const files = { ...(await smallCategory()), "train/good/big.png": Buffer.alloc(5000, "x") };
    const id = await uploadZip(world, await zipOf(files, scratch.path));
    const view = await deliverImport(world, id, { limits: { ...IMPORT_LIMITS, fileBytes: 4999 } });
    expect(await outcomesOf(world, id)).toMatchObject({ "train/good/big.png": "too_large" });
    expect(view.outcomes.accepted).toBeGreaterThan(0);
  });
});

describe("a hostile or broken upload leaves nothing behind", () => {
  const part = { name: "train/good/000.png" };

  async function expectRefusal(bytes: Uint8Array, sentence: RegExp) {
    const id = await uploadZip(world, bytes);
    const view = await deliverImport(world, id);
    expect(view).toMatchObject({ status: "refused", outcomes: {}, filesDone: 0 });
    expect(view.error).toMatch(sentence);
    expect(await allImages()).toEqual([]);
    expect(await world.db.images.countByCategory(world.projectId)).toEqual([]);
    expect(await listed(join(world.folder, "blobs", "uploads"))).toEqual([]);
    expect(await listed(join(world.folder, "scratch"))).toEqual([]);
    const [last] = (await world.db.events.listAfter(world.projectId, 0, 100)).slice(-1);
    expect(last?.body).toMatchObject({ type: "import.status", status: "refused" });
  }

  test("a path that climbs out", async () => {
    const data = await drawPart({ seed: 1 });
    const bytes = makeZip([
      { ...part, data },
      { name: "train/good/../../../x.png", data },
    ]);
    await expectRefusal(bytes, /outside the archive/u);
  });

  test("a bomb", async () => {
    const bytes = makeZip([{ ...part, data: new Uint8Array(40 * 1024 ** 2) }]);
    await expectRefusal(bytes, /which no picture does/u);
  });

  test("an archive that was cut short", async () => {
    const bytes = await zipOf(await smallCategory(), scratch.path);
    await expectRefusal(bytes.subarray(0, bytes.length - 100), /cut short or damaged/u);
  });

  test("something else than an archive", async () => {
    await expectRefusal(await drawPart({ seed: 1 }), /Expected a zip archive/u);
  });

  test("an archive without the layout", async () => {
    const bytes = await zipOf({ "a.png": await drawPart({ seed: 1 }) }, scratch.path);
    await expectRefusal(bytes, /train\/good/u);
  });

  test("content that is not as stated, after images have been stored already", async () => {
    const entries = [];
    for (let seed = 0; seed < 40; seed++) {
      entries.push({ name: `train/good/${seed}.png`, data: await drawPart({ seed }) });
    }
    const last = { name: "train/good/z.png", data: await drawPart({ seed: 50 }), statedCrc32: 7 };
    await expectRefusal(makeZip([...entries, last]), /checksum is wrong/u);
  });
});
