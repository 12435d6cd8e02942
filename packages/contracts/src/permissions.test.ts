import { expect, test } from "vitest";

import { can, PERMISSIONS, ROLES, type Action, type Role } from "./permissions.ts";

const ACTIONS = Object.keys(PERMISSIONS) as Action[];

/** The work of each role, written down a second time on purpose: a change must be made in both. */
const WORK: Readonly<Record<Role, readonly Action[]>> = {
  owner: [
    "organisation:manage",
    "project:write",
    "data:write",
    "run:write",
    "encoder:pull",
    "model:activate",
    "model:download",
    "case:decide",
    "inspection:write",
  ],
  manager: ["model:activate"],
  engineer: [
    "project:write",
    "data:write",
    "run:write",
    "encoder:pull",
    "model:activate",
    "model:download",
    "case:decide",
    "inspection:write",
  ],
  annotator: [],
  reviewer: ["case:decide", "inspection:write"],
  viewer: [],
};

/** What everybody of an organisation may: look, and be seen looking. */
const LOOK: readonly Action[] = [
  "project:read",
  "data:read",
  "run:read",
  "model:read",
  "case:read",
  "presence:share",
];

test.each(ROLES)("a %s may look and do the work of the role, and nothing else", (role) => {
  const allowed = ACTIONS.filter((action) => can(role, action));
  expect(allowed.toSorted()).toEqual([...LOOK, ...WORK[role]].toSorted());
});

test("every action has a cell for every role", () => {
  for (const action of ACTIONS) {
    expect(Object.keys(PERMISSIONS[action])).toEqual([...ROLES]);
  }
});

test("an owner may do everything, and roles are no ladder", () => {
  expect(ACTIONS.filter((action) => !can("owner", action))).toEqual([]);
  const mayMore = (one: Role, other: Role) =>
    ACTIONS.some((action) => can(one, action) && !can(other, action));
  expect(mayMore("manager", "reviewer")).toBe(true);
  expect(mayMore("reviewer", "manager")).toBe(true);
});
