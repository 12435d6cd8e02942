import { isAppError } from "@loupe/contracts";
import { expect, test } from "vitest";

import { checkUploadPath } from "./check-upload-path.ts";

test.each([
  "a.png",
  "caps/train/good/001.png",
  "caps/test/scratch/ü 2.png",
  `${"n".repeat(255)}/a.png`,
  "a/..b/c...d.png",
  "2024-01-01T10:00:00.png",
  "aux/con.png",
  "a /b.",
])("takes %j", (path) => {
  expect(checkUploadPath(path, "linux").join("/")).toBe(path);
});

test.each([
  "",
  "/etc/passwd",
  "a//b.png",
  "a/",
  ".",
  "a/./b.png",
  "a/../b.png",
  "..",
  "a\\b.png",
  "a\0b.png",
  "a/b\n.png",
  `${"n".repeat(256)}/a.png`,
  `${"ü".repeat(128)}.png`,
  "a/".repeat(2_500),
])("refuses %j with a sentence", (path) => {
  const refusal: unknown = (() => {
    try {
      return checkUploadPath(path, "linux");
    } catch (error) {
      return error;
    }
  })();
  expect(isAppError(refusal) && refusal.code).toBe("BAD_INPUT");
  expect((refusal as Error).message).toMatch(/^Expected .+, got ".*". Rename it/);
  expect((refusal as Error).message.length).toBeLessThan(300);
});

test.each(["nul", "a/Con.png", "COM1", "a/b.", "a/b ", "10:00.png", "what?.png"])(
  "refuses %j only where it would become something else",
  (path) => {
    expect(() => checkUploadPath(path, "win32")).toThrow("Windows");
    expect(checkUploadPath(path, "linux").join("/")).toBe(path);
  },
);
