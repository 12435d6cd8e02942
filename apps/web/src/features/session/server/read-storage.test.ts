import { expect, test } from "vitest";

import { readStorage } from "./read-storage.ts";

test("says whether room is short, and not where", async () => {
  const state = { folder: "/srv/loupe", freeBytes: 12, totalBytes: 1000, isLow: true };
  const storage = { look: () => Promise.resolve(state) };
  expect(await readStorage({ storage })).toEqual({ isLow: true, freeBytes: 12 });
  expect(await readStorage({ storage: { look: () => Promise.resolve(null) } })).toBeNull();
});
