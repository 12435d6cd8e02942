import { ROLES } from "@loupe/contracts";
import { aPerson, testDatabase } from "@loupe/db/testing";
import { createLogger } from "@loupe/platform";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { aWebWorld, signIn, SITE, type Caller, type WebWorld } from "../testing/a-web-world.ts";
import { postAuth, type Posted } from "../testing/post-auth.ts";
import { CLIENT_ADDRESS_HEADER } from "./client-address-header.ts";
import { fetchAuth } from "./fetch-auth.ts";
import { readSignIn } from "./read-sign-in.ts";
import { AUTH_DOORS } from "./sign-in/auth-doors.ts";

const database = testDatabase();
let world: WebWorld;
/** The clock by which attempts are counted; each test begins long after the one before. */
let clockMs = 0;
let logged: Record<string, unknown>[] = [];

beforeAll(async () => {
  const destination = {
    write: (line: string) => void logged.push(JSON.parse(line) as Record<string, unknown>),
  };
  const logger = createLogger("web-test", { destination });
  world = await aWebWorld(database.db, { now: () => clockMs, logger });
});
beforeEach(() => {
  clockMs += 24 * 3600 * 1000;
  logged = [];
});
afterAll(() => world.close());

const PASSWORD = "correct horse battery";

/** Made once: hashing is slow on purpose. */
let hash: Promise<string> | null = null;

/** Give somebody a password, and get their e-mail address. */
async function withPassword(caller: Caller): Promise<string> {
  const { internalAdapter, password: passwords } = await world.services.auth.$context;
  await internalAdapter.linkAccount({
    userId: caller.userId!,
    accountId: caller.userId!,
    providerId: "credential",
    password: await (hash ??= passwords.hash(PASSWORD)),
  });
  const { email } = await rowOf('select email from "user" where id = $1', caller.userId);
  return email!;
}

/** Somebody new in the organisation, with a session and a password. */
async function aNewcomer(): Promise<{ caller: Caller; email: string }> {
  const { organisationId } = world.home;
  const userId = await aPerson(world.db, { organisationId, role: "engineer" });
  const caller = await signIn(world.services, userId, "newcomer");
  return { caller, email: await withPassword(caller) };
}

const post = (path: string, options?: Posted) => postAuth(world, path, options);

const signInOf = (caller: Caller) =>
  readSignIn(world.services.auth, new Headers({ cookie: caller.cookie }));

async function rowOf(sql: string, value: unknown): Promise<Record<string, string>> {
  const { rows } = await world.db.pool.query(sql, [value]);
  return rows[0] as Record<string, string>;
}

test("a session is a cookie that scripts and other sites' posts do not get", async () => {
  const { userId } = world.home.callers.viewer;
  const email = await withPassword(world.home.callers.viewer);
  const answer = await post("/sign-in/email", { body: { email, password: PASSWORD } });
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
  expect(answer.status).toBe(404);
  expect(await rowOf('select id from "user" where email = $1', body.email)).toBeUndefined();
});

test("every address of the library is known, and what we do not use does not exist", async () => {
  const endpoints = Object.values(world.services.auth.api) as { path?: string }[];
  const paths = endpoints.flatMap(({ path }) => (path === undefined ? [] : [path]));
  expect(Object.keys(AUTH_DOORS).toSorted()).toEqual([...new Set(paths)].toSorted());
  const closed = paths.filter((path) => AUTH_DOORS[path] === "closed");
  for (const path of [...closed, "/sign-in/email/", "//sign-in/email", "/nothing", ""]) {
    const answer = await post(path.replace(/:\w+/, "x"), { caller: world.home.callers.owner });
    expect([path, answer.status]).toEqual([path, 404]);
  }
});

const SECRETS = Object.keys(AUTH_DOORS).filter((path) => AUTH_DOORS[path] === "secret");

/** Doors that take a password are the ones that count attempts. */
test("the doors that test a secret are those that take a password", () => {
  const endpoints = Object.values(world.services.auth.api) as unknown as {
    path?: string;
    options?: { body?: { shape?: Record<string, unknown> } };
  }[];
  const takesPassword = endpoints.filter(
    ({ path, options }) =>
      path !== undefined &&
      AUTH_DOORS[path] !== "closed" &&
      Object.keys(options?.body?.shape ?? {}).some((name) => /password|otp|code/i.test(name)),
  );
  expect(takesPassword.map(({ path }) => path).toSorted()).toEqual(SECRETS.toSorted());
});

describe.each(SECRETS)("%s", (path) => {
  const guess = (who: { caller: Caller; email: string }, address: string, password = "wrong") => {
    const { caller, email } = who;
    const body = {
      "/sign-in/email": { email, password },
      "/verify-password": { password },
      "/change-password": { currentPassword: password, newPassword: "another long password" },
    }[path]!;
    const headers = { [CLIENT_ADDRESS_HEADER]: address, "x-forwarded-for": `${Math.random()}` };
    return post(path, {
      caller: path === "/sign-in/email" ? world.anonymous : caller,
      body,
      headers,
    });
  };
  const refused = path === "/sign-in/email" ? 401 : 400;

  test("is slowed down by address, and the address is not the client's say", async () => {
    const statuses: number[] = [];
    for (let i = 0; i < 7; i++) {
      statuses.push((await guess(await aNewcomer(), "198.51.100.1")).status);
    }
    expect(statuses).toEqual([refused, refused, refused, refused, refused, 429, 429]);
    const refusal = await guess(await aNewcomer(), "198.51.100.1");
    expect(refusal.headers.get("retry-after")).toBe("60");
    expect((await guess(await aNewcomer(), "198.51.100.2")).status).toBe(refused);
    clockMs += 60_000;
    expect((await guess(await aNewcomer(), "198.51.100.1")).status).toBe(refused);
  });

  test("is slowed down by account, wherever the guesses come from, together with the others", async () => {
    const who = await aNewcomer();
    for (let i = 0; i < 5; i++) {
      expect((await guess(who, `203.0.113.${i}`)).status).toBe(refused);
    }
    expect((await guess(who, "203.0.113.50")).status).toBe(429);
    // Not even the right one, or guessing would go on; and at no other door either.
    expect((await guess(who, "203.0.113.51", PASSWORD)).status).toBe(429);
    const elsewhere = await post("/sign-in/email", {
      body: { email: who.email.toUpperCase(), password: PASSWORD },
    });
    expect(elsewhere.status).toBe(429);
    clockMs += 15 * 60_000;
    expect((await guess(who, "203.0.113.52", PASSWORD)).status).toBe(200);
  });

  test("knowing the password is no guessing", async () => {
    const who = await aNewcomer();
    if (path === "/change-password") return;
    for (let i = 0; i < 12; i++) {
      expect((await guess(who, `192.0.2.${i}`, PASSWORD)).status).toBe(200);
    }
  });

  test("a failure is logged with account and address, without the password", async () => {
    const who = await aNewcomer();
    await guess(who, "198.51.100.77", "wrong-and-secret");
    expect(logged).toContainEqual(
      expect.objectContaining({
        msg: "sign-in or password refused",
        path,
        account: who.email,
        address: "198.51.100.77",
        status: refused,
      }),
    );
    for (let i = 0; i < 5; i++) await guess(who, "198.51.100.77", "wrong-and-secret");
    expect(logged).toContainEqual(
      expect.objectContaining({ msg: "too many attempts at a password", account: who.email }),
    );
    expect(JSON.stringify(logged)).not.toContain("wrong-and-secret");
  });
});

test("what is typed as an account cannot forge or flood the log", async () => {
  const email = `a\nb\u001b[2J${"x".repeat(5000)}`;
  await post("/sign-in/email", { body: { email, password: "wrong wrong" } });
  const { account } = logged.find(({ msg }) => msg === "sign-in or password refused")!;
  expect(account).toMatch(/^a\\u\{a\}b\\u\{1b\}\[2Jx+…$/);
  expect(String(account).length).toBeLessThan(150);
});

test("a sign-in larger than any is refused, and one that is no JSON is no failure of ours", async () => {
  const large = await post("/sign-in/email", { body: { email: "x".repeat(20_000) } });
  expect(large.status).toBe(413);
  const request = new Request(`${SITE}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: SITE },
    body: "{",
  });
  expect((await fetchAuth(request, world.services)).status).toBeLessThan(500);
});

test("a changed password ends every other session at once, whatever is asked for", async () => {
  const { caller, email } = await aNewcomer();
  const others = [
    await signIn(world.services, caller.userId!, "phone"),
    await signIn(world.services, caller.userId!, "somebody else"),
  ];
  const answer = await post("/change-password", {
    caller,
    body: {
      currentPassword: PASSWORD,
      newPassword: "another long password",
      revokeOtherSessions: false,
    },
  });
  expect(answer.status).toBe(200);
  for (const other of [...others, caller]) expect(await signInOf(other)).toBeNull();
  const [cookie] = answer.headers.getSetCookie();
  const here = await signInOf({ ...caller, cookie: cookie!.split(";")[0]! });
  expect(here?.user.email).toBe(email);
});

test("a session that is renewed every day ends thirty days after its sign-in", async () => {
  const { caller } = await aNewcomer();
  const age = (days: number) =>
    world.db.pool.query(
      `update "session" set "createdAt" = now() - make_interval(days => $2),
         "expiresAt" = now() + interval '1 hour' where "userId" = $1`,
      [caller.userId, days],
    );
  const expiry = async () => {
    const sql = `select extract(epoch from "expiresAt" - "createdAt") / 86400 as days from "session" where "userId" = $1`;
    return Number((await rowOf(sql, caller.userId))["days"]);
  };
  // In its last hour the library renews it by a week.
  await age(10);
  expect(await signInOf(caller)).not.toBeNull();
  expect(await expiry()).toBeCloseTo(17, 1);
  await age(29);
  expect(await signInOf(caller)).not.toBeNull();
  expect(await expiry()).toBe(30);
  await age(31);
  expect(await signInOf(caller)).toBeNull();
  const body = { password: PASSWORD };
  expect((await post("/verify-password", { caller, body })).status).toBe(401);
});

test("HEAD is answered like GET, without the answer", async () => {
  for (const [path, status] of [
    ["/get-session", 200],
    ["/sign-out", 404],
    ["/nothing", 404],
  ] as const) {
    const request = new Request(`${SITE}/api/auth${path}`, {
      method: "HEAD",
      headers: { origin: SITE, cookie: world.home.callers.owner.cookie },
    });
    const answer = await fetchAuth(request, world.services);
    expect([path, answer.status]).toEqual([path, status]);
    expect(await answer.text()).toBe("");
  }
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

  for (const role of ROLES.filter((each) => each !== "owner")) {
    expect((await promote(callers[role], "owner")).status).toBe(403);
  }
  expect((await promote(world.elsewhere.callers.owner, "owner")).status).toBeGreaterThanOrEqual(
    400,
  );
  expect(await world.db.members.roleOf(viewer!, organisationId)).toBe("viewer");
  for (const role of ["manager", "annotator", "reviewer"] as const) {
    expect((await promote(callers.owner, role)).status).toBe(200);
    expect(await world.db.members.roleOf(viewer!, organisationId)).toBe(role);
  }

  const found = await post("/organization/create", {
    caller: callers.owner,
    body: { name: "Another", slug: "another" },
  });
  expect(found.status).toBe(403);
});
