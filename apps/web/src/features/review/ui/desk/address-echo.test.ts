import { expect, test } from "vitest";

import { AddressEcho } from "./address-echo.ts";

test("knows its own writing, also when steps of it were left out", () => {
  const echo = new AddressEcho();
  for (const value of ["a", "b", "c"]) echo.wrote(value);
  expect(echo.isOurs("a")).toBe(true);
  expect(echo.isOurs("c")).toBe(true);
  expect(echo.isOurs("b")).toBe(false);
});

test("what nobody here wrote came from elsewhere, and ends all waiting", () => {
  const echo = new AddressEcho();
  echo.wrote("a");
  expect(echo.isOurs(null)).toBe(false);
  expect(echo.isOurs("a")).toBe(false);
});
