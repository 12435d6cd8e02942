import { expect, test } from "vitest";

import { cleanFileName } from "./clean-file-name.ts";

test.each([
  ["part/train/001.png", "001.png"],
  ["C:\\fakepath\\scan.tif", "scan.tif"],
  ["../../etc/passwd", "passwd"],
  ["..", "image"],
  ["", "image"],
  ["a\u0000b\u202egnp.png", "abgnp.png"],
  ["Prüfling 7.png", "Prüfling 7.png"],
])("shows %j as %j", (sent, shown) => {
  expect(cleanFileName(sent, "image")).toBe(shown);
});
