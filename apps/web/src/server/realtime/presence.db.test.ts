import {
  PRESENCE_EXPIRY_MS,
  PRESENCE_SHOWN_TABS,
  type ProjectId,
  type UserId,
} from "@loupe/contracts";
import { testDatabase } from "@loupe/db/testing";
import { publish } from "@loupe/platform";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

import { aWebWorld, fillProject, type Content, type WebWorld } from "../../testing/a-web-world.ts";
import { aLiveSite, type LiveSite } from "../../testing/live-site.ts";

const database = testDatabase();
let world: WebWorld;
let content: Content;
let projectId: ProjectId;
/** Two web processes on one database. */
let north: LiveSite;
let south: LiveSite;
let clockMs = 0;

beforeAll(async () => {
  world = await aWebWorld(database.db);
  content = await fillProject(world.services, world.home);
  projectId = world.home.projectId;
  north = await aLiveSite(world.services, { now: () => performance.now() + clockMs });
  south = await aLiveSite(world.services);
});
afterAll(async () => {
  await Promise.all([north.close(), south.close()]);
  await world.close();
});

const soon = { timeout: 5_000, interval: 5 };
const newest = () => world.db.events.newestSequence(projectId);

test("everyone sees who looks at what, on every process, until they leave", async () => {
  const caseId = content.case.id;
  const { reviewer, engineer, viewer } = world.home.callers;
  const looking = await north.open(reviewer);
  const other = await south.open(engineer);
  for (const browser of [looking, other]) await browser.join(projectId, await newest());
  const connectionId = looking.socket.id!;

  looking.socket.emit("presence:set", { projectId, caseId, runId: null });
  await vi.waitFor(() => expect(other.presence.get(connectionId)?.caseId).toBe(caseId), soon);
  expect(other.presence.get(connectionId)?.user.id).toBe(reviewer.userId);
  const late = await south.open(viewer);
  expect(await late.join(projectId, await newest())).toMatchObject({
    ok: true,
    presence: { here: [{ connectionId, caseId }], people: 1 },
  });

  looking.socket.disconnect();
  await vi.waitFor(() => expect(other.presence.has(connectionId)).toBe(false), soon);
});

test("presence of a process that died expires", async () => {
  const browser = await north.open(world.home.callers.viewer);
  await browser.join(projectId, await newest());
  const user = { id: world.home.engineer, name: "Some engineer", site: null };
  const connectionId = "of a dead process";
  const presence = { projectId, connectionId, user, caseId: null, runId: null };
  const message = { processId: "dead", version: 1, here: [presence], gone: [], list: null };
  await publish(world.db.pool, { kind: "presence", ...message });
  await vi.waitFor(() => expect(browser.presence.has(presence.connectionId)).toBe(true), soon);

  clockMs += PRESENCE_EXPIRY_MS;
  await vi.waitFor(() => expect(browser.presence.has(presence.connectionId)).toBe(false), soon);
});

test("two on one case hear of each other on that case, whichever process they are on", async () => {
  const caseId = content.case.id;
  const mine = await north.open(world.home.callers.reviewer);
  const theirs = await south.open(world.home.callers.engineer);
  for (const browser of [mine, theirs]) {
    await browser.join(projectId, await newest());
    browser.socket.emit("presence:set", { projectId, caseId, runId: null });
  }
  const both = [mine.socket.id, theirs.socket.id].toSorted();
  for (const browser of [mine, theirs]) {
    await vi.waitFor(() => expect([...browser.onFocus.keys()].toSorted()).toEqual(both), soon);
  }
  theirs.socket.emit("presence:set", { projectId, caseId: null, runId: null });
  await vi.waitFor(() => expect([...mine.onFocus.keys()]).toEqual([mine.socket.id]), soon);
  expect(mine.presence.has(theirs.socket.id!)).toBe(true);
});

test("of a crowd a browser hears of some and of all others as a count", async () => {
  const watcher = await north.open(world.home.callers.viewer);
  await watcher.join(projectId, await newest());
  const crowd = 3 * PRESENCE_SHOWN_TABS;
  const here = Array.from({ length: crowd }, (_, i) => ({
    projectId,
    connectionId: `crowd ${i}`,
    user: { id: `person ${i}` as UserId, name: `Person ${i}`, site: null },
    caseId: null,
    runId: null,
  }));
  for (let i = 0; i < crowd; i += 30) {
    const message = { processId: "crowd", version: i + 1, here: here.slice(i, i + 30), gone: [] };
    await publish(world.db.pool, { kind: "presence", ...message, list: null });
  }
  await vi.waitFor(() => expect(watcher.people).toBeGreaterThanOrEqual(crowd), soon);
  expect(watcher.presence.size).toBe(PRESENCE_SHOWN_TABS);
  expect(watcher.presenceMessages).toBeLessThan(crowd);
  const farewell = { here: [], gone: [], list: { page: 0, pages: 1 } };
  await publish(world.db.pool, {
    kind: "presence",
    processId: "crowd",
    version: crowd + 1,
    ...farewell,
  });
  await vi.waitFor(() => expect(watcher.people).toBeLessThan(crowd), soon);
});

test("nobody is present in a project that they have not joined", async () => {
  const watcher = await north.open(world.home.callers.viewer);
  await watcher.join(projectId, await newest());
  const outside = await south.open(world.elsewhere.callers.owner);
  outside.socket.emit("presence:set", { projectId, caseId: null, runId: null });
  const member = await south.open(world.home.callers.owner);
  member.socket.emit("presence:set", { projectId, caseId: null, runId: null });
  await member.join(projectId, await newest());
  member.socket.emit("presence:set", { projectId, caseId: null, runId: null });
  const { callers } = world.home;
  const isOwner = (userId: UserId) => userId === callers.owner.userId;
  await vi.waitFor(() => expect(watcher.presence.has(member.socket.id!)).toBe(true), soon);
  const owners = [...watcher.presence.values()].filter(({ user }) => isOwner(user.id));
  expect(owners.map((presence) => presence.connectionId)).toEqual([member.socket.id]);
  expect(watcher.presence.has(outside.socket.id!)).toBe(false);
});
