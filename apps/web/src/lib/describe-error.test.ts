import { ERROR_STATUS, type ErrorCode, type Failure } from "@loupe/contracts";
import { expect, test } from "vitest";

import { describeError } from "./describe-error.ts";
import { ERROR_COPY } from "./error-copy.ts";

/** A procedure's failure, as the client throws it. */
const thrown = ({ message = "boom", details = {}, ...failure }: Partial<Failure>) =>
  Object.assign(new Error(message), {
    data: { failure: { code: null, message, details, ...failure } },
  });

test.each(Object.keys(ERROR_STATUS) as ErrorCode[])("has a full sentence for %s", (code) => {
  expect(ERROR_COPY[code]).toMatch(/^[A-Z].{15,}\.$/);
  expect(describeError(thrown({ code })).sentence).toBe(ERROR_COPY[code]);
});

test("keeps what the server said and the details that came with it", () => {
  const description = describeError(
    thrown({
      code: "NAME_TAKEN",
      message: 'A project "Caps" exists.',
      details: { name: "Caps" },
    }),
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
  expect(describeError(thrown({ code: "UNAVAILABLE" })).isOffline).toBe(true);
});

test("does not show the words of a bug", () => {
  const description = describeError(
    thrown({ message: "x is undefined", details: { requestId: "r-7" } }),
  );
  expect(description.isOffline).toBe(false);
  expect(description.detail).toContain("r-7");
  expect(JSON.stringify(description)).not.toContain("undefined");
});
