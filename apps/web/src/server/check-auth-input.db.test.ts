import { testDatabase } from "@loupe/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";

import { aWebWorld, SITE, type Caller, type WebWorld } from "../testing/a-web-world.ts";
import { postAuth } from "../testing/post-auth.ts";
import { fetchAuth } from "./fetch-auth.ts";

const database = testDatabase();
let world: WebWorld;
beforeAll(async () => {
  world = await aWebWorld(database.db);
});
afterAll(() => world.close());

async function nameOf({ userId }: Caller): Promise<string | undefined> {
  const { rows } = await world.db.pool.query<{ name: string }>(
    'select name from "user" where id = $1',
    [userId],
  );
  return rows[0]?.name;
}

test.each([
  ["a flood", "x".repeat(4_000)],
  ["one character too many", "x".repeat(81)],
  ["a NUL", "Ann\0"],
  ["a control", "Ann\u001b[2J"],
  ["an override of direction", "Ann\u202e"],
  ["a zero-width space", "An\u200bn"],
  ["nothing", "   "],
])("a person is not called %s", async (_, name) => {
  const caller = world.home.callers.reviewer;
  const before = await nameOf(caller);
  const answer = await postAuth(world, "/update-user", { caller, body: { name } });
  expect(answer.status).toBe(400);
  expect(((await answer.json()) as { message: string }).message).toMatch(/^name: Expected /);
  expect(await nameOf(caller)).toEqual(before);
});

test("a name is tidied before it is stored, and past our code the database still has a limit", async () => {
  const caller = world.home.callers.reviewer;
  const answer = await postAuth(world, "/update-user", {
    caller,
    body: { name: "  Mu\u0308ller " },
  });
  expect(answer.status).toBe(200);
  expect(await nameOf(caller)).toBe("Müller");
  const change = world.db.pool.query('update "user" set name = $1 where id = $2', [
    "x".repeat(81),
    caller.userId,
  ]);
  await expect(change).rejects.toThrow(/user_name_is_short/);
});

test.each([
  ["/organization/update", { data: { name: "x\0" } }],
  ["/organization/update", { data: { name: "x".repeat(81) } }],
  ["/organization/update", { data: { slug: "x\0" } }],
  ["/organization/update", { data: { logo: "x\0" } }],
  ["/organization/invite-member", { email: "a\0@example.org", role: "viewer" }],
  ["/organization/accept-invitation", { invitationId: "x\0" }],
  ["/organization/set-active", { organizationId: "x\0" }],
  ["/organization/remove-member", { memberIdOrEmail: "x\0" }],
  ["/sign-in/email", { email: "a\0@example.org", password: "long enough" }],
  ["/update-user", { image: "x\0" }],
  ["/revoke-session", { token: "x\0" }],
])("%s refuses %j as bad input", async (path, body) => {
  const caller = world.home.callers.owner;
  const organizationId = world.home.organisationId;
  const isForOne = path.startsWith("/organization/") && !("organizationId" in body);
  const answer = await postAuth(world, path, {
    caller,
    body: isForOne ? { organizationId, ...body } : body,
  });
  expect(answer.status).toBe(400);
});

test("a NUL in an address is bad input, too", async () => {
  const { cookie } = world.home.callers.owner;
  const url = `${SITE}/api/auth/organization/get-full-organization?organizationSlug=%00`;
  const answer = await fetchAuth(new Request(url, { headers: { cookie } }), world.services);
  expect(answer.status).toBe(400);
});
