import { ERROR_STATUS, type ErrorCode } from "@loupe/contracts";
import { expect, test } from "vitest";

import { describeError } from "./describe-error.ts";
import { ERROR_COPY } from "./error-copy.ts";

const thrown = (data: unknown, message = "boom") => Object.assign(new Error(message), { data });

test.each(Object.keys(ERROR_STATUS) as ErrorCode[])("has a full sentence for %s", (code) => {
  expect(ERROR_COPY[code]).toMatch(/^[A-Z].{15,}\.$/);
  expect(describeError(thrown({ appCode: code })).sentence).toBe(ERROR_COPY[code]);
});

test("keeps what the server said and the details that came with it", () => {
  const description = describeError(
    thrown({ appCode: "NAME_TAKEN", details: { name: "Caps" } }, 'A project "Caps" exists.'),
  );
  expect(description).toMatchObject({
    detail: 'A project "Caps" exists.',
    details: { name: "Caps" },
    isOffline: false,
  });
});

test("takes an error without data for a lost connection", () => {
  expect(describeError(new TypeError("Failed to fetch")).isOffline).toBe(true);
});

test("an outage of the database is the same as a lost line", () => {
  expect(describeError(thrown({ appCode: "UNAVAILABLE" })).isOffline).toBe(true);
});

test("does not show the words of a bug", () => {
  const description = describeError(
    thrown({ appCode: null, details: { requestId: "r-7" } }, "x is undefined"),
  );
  expect(description.isOffline).toBe(false);
  expect(description.detail).toContain("r-7");
  expect(JSON.stringify(description)).not.toContain("undefined");
});
