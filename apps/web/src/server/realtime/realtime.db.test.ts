import { randomUUID } from "node:crypto";

import { MAX_GAP_EVENTS, ROLES, type CaseRow, type ProjectId } from "@loupe/contracts";
import { aCase, testDatabase } from "@loupe/db/testing";
import { recordEvent } from "@loupe/platform";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

import {
  aWebWorld,
  fillProject,
  type Caller,
  type Content,
  type WebWorld,
} from "../../testing/a-web-world.ts";
import { callProcedure } from "../../testing/call-procedure.ts";
import { aLiveSite, type LiveSite } from "../../testing/live-site.ts";

const database = testDatabase();
let world: WebWorld;
let content: Content;
let projectId: ProjectId;
/** Two web processes on one database. */
let north: LiveSite;
let south: LiveSite;
/** The clock of `north` stands still: time passes when a test says so. */
let clockMs = Date.now();

beforeAll(async () => {
  world = await aWebWorld(database.db);
  content = await fillProject(world.services, world.home);
  projectId = world.home.projectId;
  north = await aLiveSite(world.services, { now: () => clockMs });
  south = await aLiveSite(world.services);
});
afterAll(async () => {
  await Promise.all([north.close(), south.close()]);
  await world.close();
});

/** Long enough for a machine that has other things to do; what is awaited takes milliseconds. */
const soon = { timeout: 30_000, interval: 5 };
const newest = () => world.db.events.newestSequence(projectId);

/** Commit so many small events. */
async function commitEvents(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    await world.db.transaction((tx) =>
      recordEvent(tx, { projectId, body: { type: "cases.changed", count: i } }),
    );
  }
}

async function giveVerdict(caller: Caller, opened: CaseRow): Promise<void> {
  const answer = await callProcedure({
    caller,
    path: "review.verdict",
    type: "mutation",
    input: {
      projectId,
      caseId: opened.id,
      value: "good",
      seenVersion: opened.version,
      idempotencyKey: randomUUID(),
    },
  });
  expect(answer.code).toBeNull();
}

const range = (from: number, to: number) =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);

test.each(ROLES)("a %s joins the own project and not another organisation's", async (role) => {
  const browser = await north.open(world.home.callers[role]);
  expect(await browser.join(projectId, await newest())).toMatchObject({ ok: true, events: [] });
  const refused = await browser.join(world.elsewhere.projectId);
  const nowhere = await browser.join(randomUUID() as ProjectId);
  expect(refused).toMatchObject({ ok: false });
  expect(nowhere).toEqual(refused);
});

test("a project is the same however its id is written: in a join, a presence and a leave", async () => {
  const capitals = projectId.toUpperCase() as ProjectId;
  const { viewer, engineer } = world.home.callers;
  // Presence is told as time passes, which it does at this one.
  const browser = await south.open(viewer);
  const watcher = await south.open(engineer);
  await watcher.join(projectId, await newest());
  expect(await browser.join(capitals, await newest())).toMatchObject({ ok: true });
  const before = browser.events.length;
  await commitEvents(1);
  await vi.waitFor(() => expect(browser.events).toHaveLength(before + 1), soon);
  browser.socket.emit("presence:set", { projectId: capitals, caseId: null, runId: null });
  const connectionId = browser.socket.id!;
  await vi.waitFor(() => expect(watcher.presence.has(connectionId)).toBe(true), soon);
  browser.socket.emit("project:leave", { projectId: capitals });
  await vi.waitFor(() => expect(watcher.presence.has(connectionId)).toBe(false), soon);
});

test("no session, no socket; another site's page gets none either", async () => {
  expect((await north.open(world.anonymous)).refusal).toBe("Sign in to go on.");
  const { owner } = world.home.callers;
  const foreign = await north.open(owner, { origin: "https://evil.example" });
  expect(foreign.socket.connected).toBe(false);
  expect((await north.open(owner, { origin: "" })).socket.connected).toBe(false);
  const polling = await north.open(owner, { transports: ["polling"] });
  expect(polling.socket.connected).toBe(true);
  expect(north.server.listenerCount("upgrade")).toBe(1);
});

test("colleagues on any web process see a verdict, outsiders hear nothing", async () => {
  const opened = await aCase(world.db, world.home, { model: content.model });
  const here = await north.open(world.home.callers.reviewer);
  const there = await south.open(world.home.callers.viewer);
  const outside = await south.open(world.elsewhere.callers.owner);
  const loner = await south.open(world.loner);
  for (const browser of [here, there, outside, loner])
    await browser.join(projectId, await newest());

  await giveVerdict(world.home.callers.engineer, opened);
  for (const browser of [here, there]) {
    await vi.waitFor(() => expect(browser.events).toHaveLength(1), soon);
    expect(browser.events[0]).toMatchObject({
      projectId,
      body: { type: "case.verdict", caseId: opened.id, version: opened.version + 1 },
    });
  }
  expect(outside.events).toEqual([]);
  expect(loner.events).toEqual([]);
});

test("a browser that was away gets exactly what it missed, and then goes on", async () => {
  const { viewer } = world.home.callers;
  const before = await newest();
  const first = await north.open(viewer);
  await first.join(projectId, before);
  await commitEvents(3);
  await vi.waitFor(() => expect(first.sequences).toEqual(range(before + 1, before + 3)), soon);

  first.socket.disconnect();
  await commitEvents(4);
  const second = await north.open(viewer);
  const reply = await second.join(projectId, before + 3);
  expect(reply.ok && reply.events.map((event) => event.sequence)).toEqual(
    range(before + 4, before + 7),
  );
  await commitEvents(2);
  await vi.waitFor(() => expect(second.sequences).toEqual(range(before + 8, before + 9)), soon);
});

test("browsers that come and go while events are committed miss none and get none twice", async () => {
  const start = await newest();
  const committing = commitEvents(60);
  let last = start;
  for (let round = 0; round < 6; round++) {
    const browser = await (round % 2 === 0 ? north : south).open(world.home.callers.engineer);
    const reply = await browser.join(projectId, last);
    if (!reply.ok) throw new Error(reply.error.message);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const seen = [...reply.events.map((event) => event.sequence), ...browser.sequences];
    browser.socket.disconnect();
    expect(seen).toEqual(range(last + 1, last + seen.length));
    last += seen.length;
  }
  await committing;
});

test("a gap too long to replay is not replayed", async () => {
  await world.db.pool.query(
    `with next as (
       update project set "eventSequence" = "eventSequence" + $2 where id = $1
       returning "eventSequence" as n, "organizationId" as organisation)
     insert into event ("projectId", sequence, type, body, "actorId")
     select $1, n - i, 'cases.changed', '{"type": "cases.changed", "count": 1}', a.id
     from next join actor a on a."organizationId" = organisation and a.kind = 'system', generate_series(0, $2 - 1) i`,
    [projectId, MAX_GAP_EVENTS + 1],
  );
  const browser = await north.open(world.home.callers.viewer);
  const sequence = await newest();
  const reply = await browser.join(projectId, sequence - MAX_GAP_EVENTS - 1);
  expect(reply).toMatchObject({ ok: true, events: [], isComplete: false, sequence });
});

test("events that were committed while the bus was away arrive when it is back", async () => {
  const before = await newest();
  const browser = await north.open(world.home.callers.viewer);
  await browser.join(projectId, before);
  await world.db.pool.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'loupe-events' and datname = current_database()",
  );
  await commitEvents(2);
  await vi.waitFor(() => expect(browser.sequences).toEqual(range(before + 1, before + 2)), soon);
});

test("malformed messages and floods do no harm", async () => {
  const browser = await north.open(world.home.callers.viewer);
  const raw = browser.socket as unknown as { emit(name: string, ...args: unknown[]): void };
  raw.emit("project:join");
  raw.emit("project:join", { projectId: 7 }, "not a function");
  raw.emit("presence:set", null);
  raw.emit("no such message", {});
  expect(await browser.join("x" as ProjectId)).toMatchObject({ ok: false });
  for (let i = 0; i < 60; i++) raw.emit("presence:set", {});
  expect(await browser.join(projectId, await newest())).toMatchObject({ ok: false });
  clockMs += 1_000;
  expect(await browser.join(projectId, await newest())).toMatchObject({ ok: true });
  for (let i = 0; i < 400; i++) raw.emit("presence:set", {});
  await vi.waitFor(() => expect(browser.socket.connected).toBe(false), soon);
});

test("a verdict reaches the other browser (the time is printed, not judged)", async () => {
  const watcher = await south.open(world.home.callers.viewer);
  await watcher.join(projectId, await newest());
  const tookMs: number[] = [];
  for (let i = 0; i < 50; i++) {
    const opened = await aCase(world.db, world.home, { model: content.model });
    const startedAt = performance.now();
    const arrived = new Promise<void>((resolve) => watcher.socket.once("event", () => resolve()));
    await Promise.all([giveVerdict(world.home.callers.reviewer, opened), arrived]);
    tookMs.push(performance.now() - startedAt);
  }
  tookMs.sort((a, b) => a - b);
  const line = `verdict to other browser over ${tookMs.length} verdicts: median ${tookMs[25]!.toFixed(0)} ms, worst ${tookMs[49]!.toFixed(0)} ms\n`;
  process.stdout.write(line);
  expect(watcher.events).toHaveLength(50);
});
