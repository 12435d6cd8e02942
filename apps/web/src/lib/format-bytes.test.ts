import fc from "fast-check";
import { expect, test } from "vitest";

import { formatBytes } from "./format-bytes.ts";

test.each([
  [0, "0 B"],
  [1023, "1023 B"],
  [1024, "1.0 KiB"],
  [729_088, "712 KiB"],
  [1024 * 1024 - 1, "1.0 MiB"],
  [3.1 * 1024 ** 3, "3.1 GiB"],
])("%d bytes read %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test("never shows 1024 of a unit that has a larger one", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1024, max: 2 ** 44 }), (bytes) => {
      expect(formatBytes(bytes)).not.toMatch(/^1024 [BKM]/);
    }),
  );
});
