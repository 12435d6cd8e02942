import type { DatasetItemRow } from "@loupe/db";
import { describe, expect, test } from "vitest";

import { pickProbes } from "./pick-probes.ts";

let count = 0;
function item(category: string, defectType: string | null, split = "test"): DatasetItemRow {
  count += 1;
  const label = defectType === null ? "good" : "defective";
  const maskId = defectType === null ? null : "mask";
  return { imageId: `${count}`, category, defectType, split, label, maskId } as DatasetItemRow;
}

const kinds = (items: DatasetItemRow[]) =>
  items.map(({ category, defectType }) => `${category} ${defectType ?? "good"}`);

describe("pickProbes", () => {
  test("takes different defects of one category and one good image", () => {
    const items = [
      item("cap", null, "train"),
      item("cap", "bent"),
      item("cap", "bent"),
      item("cap", "cut"),
      item("cap", "dent"),
      item("cap", null),
    ];
    expect(kinds(pickProbes(items))).toEqual(["cap bent", "cap cut", "cap dent", "cap good"]);
  });

  test("takes different categories first", () => {
    const items = [item("cap", "bent"), item("cap", "cut"), item("nut", "bent"), item("nut", null)];
    expect(kinds(pickProbes(items))).toEqual(["cap bent", "nut bent", "cap cut", "nut good"]);
  });

  test("takes four defective ones where no test image is good, and none where there is none", () => {
    const defective = Array.from({ length: 6 }, () => item("cap", "bent"));
    expect(pickProbes(defective)).toHaveLength(4);
    expect(pickProbes([item("cap", null, "train")])).toEqual([]);
  });

  test("gives the same images for the same dataset", () => {
    const items = [item("a", "x"), item("b", "y"), item("a", "z"), item("b", null)];
    expect(pickProbes(items)).toEqual(pickProbes([...items]));
  });
});
