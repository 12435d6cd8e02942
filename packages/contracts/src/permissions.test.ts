import { expect, test } from "vitest";

import { can, PERMISSIONS, ROLES, type Action } from "./permissions.ts";

const ACTIONS = Object.keys(PERMISSIONS) as Action[];

test("an owner may do everything, a viewer may only look", () => {
  expect(ACTIONS.filter((action) => !can("owner", action))).toEqual([]);
  const viewer = ACTIONS.filter((action) => can("viewer", action));
  expect(viewer.filter((action) => !action.endsWith(":read"))).toEqual(["presence:share"]);
});

test("each role may do what the one below it may", () => {
  const ranked = [...ROLES].reverse();
  for (const [rank, role] of ranked.entries()) {
    const above = ranked.slice(rank + 1);
    for (const action of ACTIONS.filter((each) => can(role, each))) {
      expect(above.filter((higher) => !can(higher, action))).toEqual([]);
    }
  }
});
