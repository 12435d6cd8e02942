import { AppError } from "@loupe/contracts";
import { expect, test } from "vitest";

import { describeFailure } from "./describe-failure.ts";
import { isOutage } from "./is-outage.ts";

const coded = (code: string) => Object.assign(new Error("failed"), { code });

test.each(["ECONNREFUSED", "57P01", "57P03", "53300", "P1001", "P1017", "P2024"])(
  "takes %s for an outage, however deep it lies",
  (code) => {
    expect(isOutage(coded(code))).toBe(true);
    expect(
      isOutage(new Error("outer", { cause: new Error("inner", { cause: coded(code) }) })),
    ).toBe(true);
    expect(isOutage(new AggregateError([new Error("other"), coded(code)]))).toBe(true);
  },
);

test("knows the driver's failures that have no code", () => {
  expect(isOutage(new Error("Connection terminated unexpectedly"))).toBe(true);
  expect(isOutage(new Error("outer", { cause: { kind: "DatabaseNotReachable" } }))).toBe(true);
});

test("finds what the database said where Prisma keeps it", () => {
  const driverAdapterError = Object.assign(new Error("driver"), { cause: coded("57P03") });
  const failure = Object.assign(coded("P2039"), { meta: { driverAdapterError } });
  expect(isOutage(failure)).toBe(true);
  expect(isOutage(Object.assign(coded("P2039"), { meta: { driverAdapterError: {} } }))).toBe(false);
});

test("a bug is no outage, nor is a refusal or a circle of causes", () => {
  expect(isOutage(new TypeError("x is undefined"))).toBe(false);
  expect(isOutage(coded("23505"))).toBe(false);
  expect(isOutage(new AppError("CASE_CHANGED", "The case changed."))).toBe(false);
  const circle = new Error("round");
  circle.cause = circle;
  expect(isOutage(circle)).toBe(false);
});

test("says of an outage what it is, and that it passes", () => {
  const failure = describeFailure(new Error("outer", { cause: coded("57P03") }), "r-1");
  expect(failure.code).toBe("UNAVAILABLE");
  expect(failure.message).not.toContain("r-1");
});
