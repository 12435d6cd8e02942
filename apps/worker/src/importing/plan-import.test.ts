import { Readable } from "node:stream";

import { describe, expect, test } from "vitest";

import type { SourceFile } from "./import-source.ts";
import { planImport } from "./plan-import.ts";

function filesAt(...paths: string[]): SourceFile[] {
  return paths.map((path) => ({
    path,
    sizeBytes: 1,
    crc32: null,
    open: () => Readable.from([]),
  }));
}

describe("planImport", () => {
  test("takes one category at the top and names it after the archive", () => {
    const plan = planImport(
      filesAt("train/good/1.png", "test/good/2.png", "test/bent/3.png"),
      "transistor.zip",
    );
    expect(plan.images).toMatchObject([
      { category: "transistor", split: "train", label: "good", defectType: null },
      { category: "transistor", split: "test", label: "defective", defectType: "bent" },
      { category: "transistor", split: "test", label: "good", defectType: null },
    ]);
  });

  test("finds categories below any number of wrapping folders", () => {
    const plan = planImport(
      filesAt(
        "sets/2024/tile/train/good/1.png",
        "sets/2024/cap/train/good/1.png",
        "sets/2024/cap/test/scratch/1.png",
      ),
      "upload.zip",
    );
    expect(new Set(plan.images.map(({ category }) => category))).toEqual(new Set(["tile", "cap"]));
  });

  test("keeps categories of the same name in different places apart", () => {
    const plan = planImport(
      filesAt("left/cap/train/good/1.png", "right/cap/train/good/1.png"),
      "x",
    );
    expect(plan.images.map(({ category }) => category)).toEqual(["left/cap", "right/cap"]);
  });

  test("names neither a category nor a defect by what nobody can see, or at any length", () => {
    const plan = planImport(
      filesAt(
        "ca\u202ep\u200b/train/good/1.png",
        `ca\u202ep\u200b/test/${"🙂".repeat(200)}/2.png`,
        "ca\u202ep\u200b/test/\u200b/3.png",
        `${"🙂".repeat(200)}/train/good/4.png`,
        "\u200b/train/good/5.png",
      ),
      "x",
    );
    expect(new Set(plan.images.map(({ category }) => category))).toEqual(
      new Set(["cap", "🙂".repeat(80), "parts"]),
    );
    expect(new Set(plan.images.map(({ defectType }) => defectType))).toEqual(
      new Set([null, "🙂".repeat(60), "defective"]),
    );
  });

  test("plans training images first, wherever they stand", () => {
    const plan = planImport(filesAt("test/good/1.png", "train/good/1.png"), "x");
    expect(plan.images.map(({ split }) => split)).toEqual(["train", "test"]);
  });

  test.each(["ground_truth/bent/000_mask.png", "ground_truth/bent/000.png"])(
    "gives %s the key of its image",
    (maskPath) => {
      const plan = planImport(filesAt(maskPath, "test/bent/000.jpg", "test/cut/000.jpg"), "x");
      const image = plan.images.find(({ defectType }) => defectType === "bent");
      const other = plan.images.find(({ defectType }) => defectType === "cut");
      expect(plan.masks[0]?.maskKeys).toContain(image?.maskKey);
      expect(plan.masks[0]?.maskKeys).not.toContain(other?.maskKey);
    },
  );

  test("says of every other file why it is left out", () => {
    const plan = planImport(
      filesAt(
        "train/good/1.png",
        "train/bad/2.png",
        "train/good/deep/3.png",
        "4.png",
        "license.txt",
        "__MACOSX/train/good/._1.png",
        "train/good/.DS_Store",
        "train/good/more.zip",
      ),
      "x",
    );
    expect(Object.fromEntries(plan.strays.map(({ path, outcome }) => [path, outcome]))).toEqual({
      "train/bad/2.png": "outside_layout",
      "train/good/deep/3.png": "outside_layout",
      "4.png": "outside_layout",
      "license.txt": "ignored",
      "__MACOSX/train/good/._1.png": "ignored",
      "train/good/.DS_Store": "ignored",
      "train/good/more.zip": "ignored",
    });
    expect(plan.images).toHaveLength(1);
  });

  test("a text file among the images is planned, and refused when it is read", () => {
    const plan = planImport(filesAt("train/good/1.png", "train/good/notes.txt"), "x");
    expect(plan.images.map(({ file }) => file.path)).toContain("train/good/notes.txt");
  });

  test.each([[[]], [["a.png", "b/c.png"]], [["ground_truth/bent/1_mask.png"]]])(
    "refuses an upload without images in the layout: %j",
    (paths) => {
      expect(() => planImport(filesAt(...paths), "x")).toThrow(/train\/good and test\/<type>/u);
    },
  );
});
