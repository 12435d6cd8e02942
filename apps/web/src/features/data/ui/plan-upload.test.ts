import { IMPORT_LIMITS } from "@loupe/contracts";
import { expect, test } from "vitest";

import { planUpload } from "./plan-upload.ts";

const file = (path: string, size = 3) => {
  const made = new File(["abc"], path.split("/").at(-1)!);
  Object.defineProperty(made, "size", { value: size });
  return { file: made, path };
};

test("sends one zip as an archive", () => {
  expect(planUpload([file("Parts.ZIP")])).toMatchObject({ field: "archive", name: "Parts.ZIP" });
});

test("sends a folder file by file, without what the system left in it", () => {
  const plan = planUpload([
    file("caps/.DS_Store"),
    file("caps/train/good/1.png"),
    file("caps/test/good/2.png"),
  ]);
  expect(plan).toMatchObject({ field: "files", name: "caps" });
  expect("files" in plan && plan.files).toHaveLength(2);
});

test.each([
  ["an empty folder", [], /no files/],
  ["two zips", [file("a.zip"), file("b.zip")], /one zip at a time, got 2/],
  ["loose pictures", [file("1.png"), file("2.png")], /Inspect/],
  ["too much", [file("a.zip", IMPORT_LIMITS.archiveBytes + 1)], /at most 8.0 GiB/],
])("says why %s cannot be imported", (_, files, sentence) => {
  const plan = planUpload(files);
  expect("problem" in plan && plan.problem).toMatch(sentence);
});
