import { describe, expect, test } from "vitest";

import { cleanEntryPath } from "./clean-entry-path.ts";

describe("cleanEntryPath", () => {
  test.each([
    ["tile/train/good/001.png", "tile/train/good/001.png"],
    ["./tile//train/./good/001.png", "tile/train/good/001.png"],
    ["Kacheln/prüfung ü/ä.png", "Kacheln/prüfung ü/ä.png"],
    ["a..b/..c/d...png", "a..b/..c/d...png"],
  ])("keeps a plain path: %s", (raw, path) => {
    expect(cleanEntryPath(raw)).toBe(path);
  });

  test.each([
    ["../evil.png", "outside"],
    ["train/../../evil.png", "outside"],
    ["train/..", "outside"],
    ["/etc/passwd", "absolute"],
    ["C:/windows/evil.png", "absolute"],
    ["c:evil.png", "absolute"],
    ["..\\..\\evil.png", "backslash"],
    ["train\\good\\a.png", "backslash"],
    ["train/good/a\0.png", "control character"],
    ["train/good/a\n.png", "control character"],
    [`train/${"a".repeat(2000)}`, "longer than"],
    ["./", "name of a file"],
    ["", "name of a file"],
  ])("refuses %j", (raw, reason) => {
    expect(() => cleanEntryPath(raw)).toThrow(reason);
    expect(() => cleanEntryPath(raw)).toThrow(expect.objectContaining({ code: "IMPORT_REFUSED" }));
  });
});
