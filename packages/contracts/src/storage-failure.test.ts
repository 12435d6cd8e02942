import { expect, test } from "vitest";

import { AppError } from "./errors.ts";
import { findStorageFault, storageFailure } from "./storage-failure.ts";

const withCode = (code: string, message = "failed") => Object.assign(new Error(message), { code });

test.each([
  ["a full disk", withCode("ENOSPC", "ENOSPC: no space left on device, write"), "full"],
  ["PostgreSQL's own", withCode("53100", 'could not extend file "base/1/2"'), "full"],
  ["a quota", withCode("EDQUOT"), "quota"],
  ["a quota that PostgreSQL met", new Error("could not extend file: Disk quota exceeded"), "quota"],
  ["a read-only disk", withCode("EROFS"), "read-only"],
  ["a picture library's words", new Error("wbuffer_write: No space left on device"), "full"],
  [
    "a cause far down",
    new Error("a", { cause: new Error("b", { cause: withCode("ENOSPC") }) }),
    "full",
  ],
  [
    "what the database said, as Prisma keeps it",
    Object.assign(new Error("query failed"), {
      meta: { driverAdapterError: { cause: { code: "53100" } } },
    }),
    "full",
  ],
] as const)("%s is told from other failures", (_name, error, fault) => {
  expect(findStorageFault(error)).toBe(fault);
  expect(storageFailure(error)).toMatchObject({ code: "STORAGE_FULL", details: { fault } });
});

test("other failures stay what they are", () => {
  const circle = new Error("round");
  circle.cause = circle;
  for (const other of [circle, withCode("ENOENT"), new AppError("NOT_FOUND", "gone"), null, "x"]) {
    expect(findStorageFault(other)).toBeNull();
  }
});
