import { writeFile } from "node:fs/promises";

import { expect, test } from "vitest";

import { isDiskFull } from "./is-disk-full.ts";

test.skipIf(process.platform !== "linux")("knows a write that found no room", async () => {
  const error: unknown = await writeFile("/dev/full", "x").catch((reason: unknown) => reason);
  expect(isDiskFull(error)).toBe(true);
});

test("knows the words of a library, and nothing else", () => {
  expect(isDiskFull(new Error("write failed: No space left on device"))).toBe(true);
  expect(isDiskFull(new Error("pngload: libspng read error"))).toBe(false);
  expect(isDiskFull("ENOSPC")).toBe(false);
});
