import { expect, test } from "vitest";
import { z } from "zod";

import * as ids from "./ids.ts";

const UUID = "0190b5a2-7c1e-7d3f-8a4b-5c6d7e8f9a0b";

const uuids = Object.entries(ids).filter(([, schema]) => schema.safeParse(UUID).success);

test("the brands of ids are found", () => {
  expect(uuids.map(([name]) => name)).toContain("ProjectId");
  expect(uuids.length).toBeGreaterThan(10);
});

test.each(uuids.filter(([name]) => !["OrganisationId", "UserId"].includes(name)))(
  "%s has one spelling, however it was written",
  (_name, schema) => {
    expect(schema.parse(UUID.toUpperCase())).toBe(UUID);
    expect(z.object({ id: schema }).safeParse({ id: "no id" }).success).toBe(false);
  },
);
