import { expect, test } from "vitest";

import { Shares } from "./shares.ts";

test("who has as much as one may is full until something is given back", () => {
  const shares = new Shares(2);
  for (const owner of ["a", "a", "b", null]) shares.take(owner);
  expect(shares.listFull()).toEqual(["a"]);
  expect([shares.isFull("a"), shares.isFull("b"), shares.isFull(null)]).toEqual([
    true,
    false,
    false,
  ]);
  shares.giveBack("a");
  shares.giveBack(null);
  expect(shares.listFull()).toEqual([]);
});
