import { testDatabase } from "@loupe/db/testing";
import { afterAll, beforeAll, expect, test } from "vitest";

import { aWebWorld, SITE, type Caller, type WebWorld } from "../testing/a-web-world.ts";
import { CLIENT_ADDRESS_HEADER } from "./auth.ts";
import { fetchAuth } from "./fetch-auth.ts";
import { readSignIn } from "./read-sign-in.ts";

const database = testDatabase();
let world: WebWorld;

beforeAll(async () => {
  world = await aWebWorld(database.db);
});
afterAll(() => world.close());

type Post = {
  readonly caller?: Caller;
  readonly body?: object;
  readonly headers?: Record<string, string>;
};

/** What a browser would send to better-auth's routes. */
function post(path: string, { caller = world.anonymous, body = {}, headers = {} }: Post) {
  const request = new Request(`${SITE}/api/auth${path}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      cookie: caller.cookie,
      origin: SITE,
      [CLIENT_ADDRESS_HEADER]: "192.0.2.1",
      ...headers,
    },
    body: JSON.stringify(body),
  });
  return fetchAuth(request, world.services);
}

const signInOf = (caller: Caller) =>
  readSignIn(world.services.auth, new Headers({ cookie: caller.cookie }));

async function rowOf(sql: string, value: unknown): Promise<Record<string, string>> {
  const { rows } = await world.db.pool.query(sql, [value]);
  return rows[0] as Record<string, string>;
}

test("a session is a cookie that scripts and other sites' posts do not get", async () => {
  const { userId } = world.home.callers.viewer;
  const { internalAdapter, password: passwords } = await world.services.auth.$context;
  const { email } = await rowOf('select email from "user" where id = $1', userId);
  const password = "correct horse battery";
  await internalAdapter.linkAccount({
    userId: userId!,
    accountId: userId!,
    providerId: "credential",
    password: await passwords.hash(password),
  });
  const answer = await post("/sign-in/email", { body: { email, password } });
  expect(answer.status).toBe(200);
  const [cookie] = answer.headers.getSetCookie();
  expect(cookie).toMatch(/^loupe\.session_token=/);
  expect(cookie).toMatch(/HttpOnly/i);
  expect(cookie).toMatch(/SameSite=Lax/i);
  const signedIn = await signInOf({ ...world.anonymous, cookie: cookie!.split(";")[0]! });
  expect(signedIn?.user).toMatchObject({ id: userId, email });
});

test("nobody can register by themselves", async () => {
  const body = { name: "Someone", email: "someone@example.org", password: "a long password" };
  const answer = await post("/sign-up/email", { body });
  expect(answer.status).toBe(400);
  expect(await rowOf('select id from "user" where email = $1', body.email)).toBeUndefined();
});

test("guessing passwords is slowed down by address, and the address is not the client's say", async () => {
  const guess = (address: string, forged: string) =>
    post("/sign-in/email", {
      body: { email: "owner@example.org", password: "wrong wrong wrong" },
      headers: { [CLIENT_ADDRESS_HEADER]: address, "x-forwarded-for": forged },
    });
  const statuses: number[] = [];
  for (let i = 0; i < 7; i++) statuses.push((await guess("198.51.100.1", `203.0.113.${i}`)).status);
  expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
  const refusal = await guess("198.51.100.1", "203.0.113.9");
  expect(Number(refusal.headers.get("retry-after"))).toBeGreaterThan(0);
  expect((await guess("198.51.100.2", "203.0.113.1")).status).toBe(401);
});

test("another site's page cannot sign anybody out", async () => {
  const caller = world.home.callers.reviewer;
  const answer = await post("/sign-out", { caller, headers: { origin: "https://evil.example" } });
  expect(answer.status).toBe(403);
  expect(await signInOf(caller)).not.toBeNull();
});

test("a forged or changed cookie is nobody", async () => {
  const [name, value] = world.home.callers.owner.cookie.split("=") as [string, string];
  const forged = { ...world.anonymous, cookie: `${name}=${value.slice(0, -8)}AAAAAAA%3D` };
  expect(await signInOf(forged)).toBeNull();
});

test("signing out ends the session at once, everywhere", async () => {
  const caller = world.elsewhere.callers.viewer;
  expect(await signInOf(caller)).not.toBeNull();
  expect((await post("/sign-out", { caller })).status).toBe(200);
  expect(await signInOf(caller)).toBeNull();
});

test("only an owner manages members, and nobody founds organisations", async () => {
  const { organisationId, callers } = world.home;
  const viewer = callers.viewer.userId;
  const { id: memberId } = await rowOf('select id from member where "userId" = $1', viewer);
  const promote = (caller: Caller, role: string) =>
    post("/organization/update-member-role", {
      caller,
      body: { memberId, role, organizationId: organisationId },
    });

  for (const role of ["engineer", "reviewer", "viewer"] as const) {
    expect((await promote(callers[role], "owner")).status).toBe(403);
  }
  expect((await promote(world.elsewhere.callers.owner, "owner")).status).toBeGreaterThanOrEqual(
    400,
  );
  expect(await world.db.members.roleOf(viewer!, organisationId)).toBe("viewer");
  expect((await promote(callers.owner, "reviewer")).status).toBe(200);
  expect(await world.db.members.roleOf(viewer!, organisationId)).toBe("reviewer");

  const found = await post("/organization/create", {
    caller: callers.owner,
    body: { name: "Another", slug: "another" },
  });
  expect(found.status).toBe(403);
});

test.each([
  ["a flood", "x".repeat(4 * 1024 ** 2)],
  ["one character too many", "x".repeat(81)],
  ["a NUL", "Ann\0"],
  ["a control", "Ann\u001b[2J"],
  ["an override of direction", "Ann\u202e"],
  ["a zero-width space", "An\u200bn"],
  ["nothing", "   "],
])("a person is not called %s", async (_, name) => {
  const caller = world.home.callers.reviewer;
  const before = await rowOf('select name from "user" where id = $1', caller.userId);
  const answer = await post("/update-user", { caller, body: { name } });
  expect(answer.status).toBe(400);
  expect(((await answer.json()) as { message: string }).message).toMatch(/^name: Expected /);
  expect(await rowOf('select name from "user" where id = $1', caller.userId)).toEqual(before);
});

test("a name is tidied before it is stored, and past our code the database still has a limit", async () => {
  const caller = world.home.callers.reviewer;
  const answer = await post("/update-user", { caller, body: { name: "  Mu\u0308ller " } });
  expect(answer.status).toBe(200);
  const row = await rowOf('select name from "user" where id = $1', caller.userId);
  expect(row).toEqual({ name: "Müller" });
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
  const answer = await post(path, { caller, body: isForOne ? { organizationId, ...body } : body });
  expect(answer.status).toBe(400);
});

test("a NUL in an address is bad input, too", async () => {
  const { cookie } = world.home.callers.owner;
  const url = `${SITE}/api/auth/organization/get-full-organization?organizationSlug=%00`;
  const answer = await fetchAuth(new Request(url, { headers: { cookie } }), world.services);
  expect(answer.status).toBe(400);
});
