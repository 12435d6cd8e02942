import fc from "fast-check";
import { expect, test } from "vitest";

import { readByteRange } from "./read-byte-range.ts";

test.each([
  ["bytes=0-0", { offset: 0, length: 1 }],
  ["bytes=0-9", { offset: 0, length: 10 }],
  ["bytes=3-", { offset: 3, length: 7 }],
  ["bytes=-4", { offset: 6, length: 4 }],
  ["Bytes=2-3 ", { offset: 2, length: 2 }],
  ["bytes=4-1000", { offset: 4, length: 6 }],
  ["bytes=-1000", { offset: 0, length: 10 }],
  ["bytes=10-", "unsatisfiable"],
  ["bytes=99-100", "unsatisfiable"],
  ["bytes=-0", "unsatisfiable"],
])("%j of ten bytes", (header, expected) => {
  expect(readByteRange(header, 10)).toEqual(expected);
});

test.each([null, "", "bytes", "bytes=", "bytes=-", "bytes=5-4", "bytes=0-1,3-4", "pages=0-1"])(
  "%j asks for the whole file",
  (header) => {
    expect(readByteRange(header, 10)).toBeNull();
  },
);

test("of an empty file there is no part", () => {
  for (const header of ["bytes=0-", "bytes=0-0", "bytes=-1"]) {
    expect(readByteRange(header, 0)).toBe("unsatisfiable");
  }
});

test("a part is never empty and never leaves the file", () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.nat(), (first, last, sizeBytes) => {
      for (const header of [`bytes=${first}-${last}`, `bytes=${first}-`, `bytes=-${last}`]) {
        const range = readByteRange(header, sizeBytes);
        if (range === null || range === "unsatisfiable") continue;
        expect(range.length).toBeGreaterThan(0);
        expect(range.offset).toBeGreaterThanOrEqual(0);
        expect(range.offset + range.length).toBeLessThanOrEqual(sizeBytes);
      }
    }),
  );
});
