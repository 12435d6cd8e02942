import type { ProjectId, UserId } from "@loupe/contracts";
import { aPerson, testDatabase } from "@loupe/db/testing";
import { recordEvent } from "@loupe/platform";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

import { aWebWorld, signIn, type WebWorld } from "../../testing/a-web-world.ts";
import { aLiveSite, type LiveSite } from "../../testing/live-site.ts";

const database = testDatabase();
let world: WebWorld;
let projectId: ProjectId;
let north: LiveSite;

beforeAll(async () => {
  world = await aWebWorld(database.db);
  projectId = world.home.projectId;
  north = await aLiveSite(world.services);
});
afterAll(async () => {
  await north.close();
  await world.close();
});

/** Long enough for a machine that has other things to do; the sockets are asked every three seconds. */
const soon = { timeout: 30_000, interval: 5 };
const newest = () => world.db.events.newestSequence(projectId);

async function commitEvent(): Promise<void> {
  await world.db.transaction((tx) =>
    recordEvent(tx, { projectId, body: { type: "cases.changed", count: 1 } }),
  );
}

test("the socket of a session that ends is closed", async () => {
  const { organisationId } = world.home;
  const userId: UserId = await aPerson(world.db, { organisationId, role: "engineer" });
  const leaver = await signIn(world.services, userId, "leaver");
  const browser = await north.open(leaver);
  await browser.join(projectId, await newest());
  await world.services.auth.api.signOut({ headers: new Headers({ cookie: leaver.cookie }) });
  await vi.waitFor(() => expect(browser.socket.connected).toBe(false), soon);
  expect((await north.open(leaver)).refusal).toBe("Sign in to go on.");
});

test("the socket of someone who is no longer a member is closed", async () => {
  const { organisationId } = world.home;
  const userId: UserId = await aPerson(world.db, { organisationId, role: "engineer" });
  const dismissed = await signIn(world.services, userId, "dismissed");
  const browser = await north.open(dismissed);
  await browser.join(projectId, await newest());
  await world.db.pool.query('delete from member where "userId" = $1', [userId]);
  await vi.waitFor(() => expect(browser.socket.connected).toBe(false), soon);

  await commitEvent();
  const again = await north.open(dismissed);
  expect(await again.join(projectId)).toMatchObject({ ok: false });
  expect(
    [...browser.events, ...again.events].filter((event) => event.projectId === projectId),
  ).toEqual([]);
});

test("the socket of someone whose role changes is asked again", async () => {
  const { organisationId } = world.home;
  const userId: UserId = await aPerson(world.db, { organisationId, role: "engineer" });
  const demoted = await signIn(world.services, userId, "demoted");
  const steady = await north.open(world.home.callers.engineer);
  await steady.join(projectId, await newest());
  const browser = await north.open(demoted);
  await browser.join(projectId, await newest());
  const setRole = (role: string) =>
    world.db.pool.query('update member set role = $2 where "userId" = $1', [userId, role]);
  await setRole("viewer");
  await vi.waitFor(() => expect(browser.socket.connected).toBe(false), soon);
  // Nobody sees that tab any more, and a viewer may come again.
  const again = await north.open(demoted);
  expect(await again.join(projectId, await newest())).toMatchObject({ ok: true });
  // A role that the table does not know gives no rights.
  await setRole("emperor");
  await vi.waitFor(() => expect(again.socket.connected).toBe(false), soon);
  expect(await (await north.open(demoted)).join(projectId)).toMatchObject({ ok: false });
  expect(steady.socket.connected).toBe(true);
});

test("a changed password closes the other tabs' sockets", async () => {
  const { organisationId } = world.home;
  const userId: UserId = await aPerson(world.db, { organisationId, role: "engineer" });
  const { internalAdapter, password } = await world.services.auth.$context;
  await internalAdapter.linkAccount({
    userId,
    accountId: userId,
    providerId: "credential",
    password: await password.hash("correct horse battery"),
  });
  const mine = await signIn(world.services, userId, "mine");
  const theirs = await north.open(await signIn(world.services, userId, "somebody else's"));
  expect(theirs.socket.connected).toBe(true);
  await world.services.auth.api.changePassword({
    headers: new Headers({ cookie: mine.cookie }),
    body: { currentPassword: "correct horse battery", newPassword: "another long password" },
  });
  await vi.waitFor(() => expect(theirs.socket.connected).toBe(false), soon);
});

test("the socket of a session that is thirty days old is closed", async () => {
  const { organisationId } = world.home;
  const userId: UserId = await aPerson(world.db, { organisationId, role: "engineer" });
  const caller = await signIn(world.services, userId, "here for long");
  const browser = await north.open(caller);
  await browser.join(projectId, await newest());
  await world.db.pool.query(
    `update "session" set "createdAt" = now() - interval '31 days' where "userId" = $1`,
    [userId],
  );
  await vi.waitFor(() => expect(browser.socket.connected).toBe(false), soon);
  expect((await north.open(caller)).refusal).toBe("Sign in to go on.");
});

test("looking after sessions and access costs the same however many sockets there are", async () => {
  const { organisationId } = world.home;
  const userId: UserId = await aPerson(world.db, { organisationId, role: "engineer" });
  const leaver = await signIn(world.services, userId, "leaver");
  const leaving = await north.open(leaver);
  const staying = await Promise.all(
    Array.from({ length: 40 }, async () =>
      north.open(await signIn(world.services, userId, "another session")),
    ),
  );
  const sequence = await newest();
  for (const browser of [leaving, ...staying]) await browser.join(projectId, sequence);
  let questions = 0;
  const count = () => questions++;
  world.db.pool.on("acquire", count);
  await world.services.auth.api.signOut({ headers: new Headers({ cookie: leaver.cookie }) });
  await vi.waitFor(() => expect(leaving.socket.connected).toBe(false), soon);
  world.db.pool.off("acquire", count);
  expect(questions).toBeLessThan(staying.length / 2);
  expect(staying.every((browser) => browser.socket.connected)).toBe(true);
});
