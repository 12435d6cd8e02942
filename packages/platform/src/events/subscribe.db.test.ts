import {
  type BusMessage,
  type ImageId,
  NOTIFY_LIMIT_BYTES,
  type ProjectEventBody,
  type RunId,
} from "@loupe/contracts";
import { aWorld, testDatabase } from "@loupe/db/testing";
import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { createLogger } from "../logging/create-logger.ts";
import { publish } from "./publish.ts";
import { recordEvent } from "./record-event.ts";
import { subscribe, type Subscription } from "./subscribe.ts";

/** Ends what hangs; what is awaited takes milliseconds, on a busy machine seconds. */
const SOON = { timeout: 30_000 };

const database = testDatabase();
const logger = createLogger("test", { level: "silent" });
let heard: BusMessage[];
let gaps: number;
let losses: number;
let subscription: Subscription;

beforeEach(async () => {
  heard = [];
  gaps = 0;
  losses = 0;
  subscription = await subscribe({
    connectionString: database.url,
    logger,
    onMessage: (message) => heard.push(message),
    onLost: () => losses++,
    onReconnect: () => gaps++,
  });
});
afterEach(async () => subscription.close());

const changed: ProjectEventBody = { type: "cases.changed", count: 3 };

function aPresenceMessage(processId: string): BusMessage {
  return { kind: "presence", processId, version: 1, here: [], gone: [], list: null };
}

test("an event is heard at its commit, as it was written, and never after a rollback", async () => {
  const { db } = database;
  const { projectId, engineer } = await aWorld(db);
  const rolledBack = db.transaction(async (tx) => {
    await recordEvent(tx, { projectId, body: changed });
    throw new Error("rolled back");
  });
  await expect(rolledBack).rejects.toThrow("rolled back");
  const event = await db.transaction(async (tx) => {
    const written = await recordEvent(tx, { projectId, body: changed, actorId: engineer });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(heard).toEqual([]);
    return written;
  });
  expect(event.sequence).toBe(1);
  await vi.waitFor(() => expect(heard).toEqual([{ kind: "event", event }]), SOON);
  expect(await db.events.find(projectId, 1)).toEqual(event);
});

test("an event too large for a notification is heard as a pointer to its row", async () => {
  const { db } = database;
  const { projectId } = await aWorld(db);
  const body: ProjectEventBody = {
    type: "run.incident",
    runId: randomUUID() as RunId,
    step: 1,
    message: "x".repeat(NOTIFY_LIMIT_BYTES),
  };
  expect(JSON.stringify(body).length).toBeGreaterThan(NOTIFY_LIMIT_BYTES);
  await db.transaction((tx) => recordEvent(tx, { projectId, body }));
  const pointer = { kind: "event-ref", projectId, sequence: 1 };
  await vi.waitFor(() => expect(heard).toEqual([pointer]), SOON);
  expect((await db.events.find(projectId, 1))?.body).toEqual(body);
});

test("the limit counts bytes, not characters", async () => {
  const { db } = database;
  const { projectId } = await aWorld(db);
  // 3 bytes each in UTF-8: short enough in characters, too long in bytes.
  const message = "検".repeat(NOTIFY_LIMIT_BYTES / 2.5);
  const body: ProjectEventBody = {
    type: "run.incident",
    runId: randomUUID() as RunId,
    step: 1,
    message,
  };
  await db.transaction((tx) => recordEvent(tx, { projectId, body }));
  await vi.waitFor(() => expect(heard).toMatchObject([{ kind: "event-ref" }]), SOON);
});

test("a presence that is too large is refused with a reason", async () => {
  const message = aPresenceMessage("x".repeat(NOTIFY_LIMIT_BYTES));
  await expect(publish(database.db.pool, message)).rejects.toThrow(/at most 7900 bytes/);
});

test("a lost connection is replaced, the gap is reported, and messages are heard again", async () => {
  const { db } = database;
  const { projectId } = await aWorld(db);
  const { rowCount } = await db.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where application_name = 'loupe-events' and datname = current_database()`,
  );
  expect(rowCount).toBe(1);
  await vi.waitFor(() => expect(gaps).toBe(1), SOON);
  expect(losses).toBe(1);
  await db.transaction((tx) => recordEvent(tx, { projectId, body: changed }));
  await vi.waitFor(() => expect(heard).toHaveLength(1), SOON);
});

test("a message that is none of ours does no harm", async () => {
  await database.db.pool.query(
    "select pg_notify('loupe_events', '{\"kind\":\"from the future\"}')",
  );
  await database.db.pool.query("select pg_notify('loupe_events', 'no JSON')");
  const message = aPresenceMessage("north");
  await publish(database.db.pool, message);
  await vi.waitFor(() => expect(heard).toEqual([message]), SOON);
});

test("closing leaves no connection and reports no gap", async () => {
  await subscription.close();
  await vi.waitFor(async () => {
    const { rowCount } = await database.db.pool.query(
      `select 1 from pg_stat_activity
       where application_name = 'loupe-events' and datname = current_database()`,
    );
    expect(rowCount).toBe(0);
  });
  expect([losses, gaps]).toEqual([0, 0]);
});

test("the first connection has to work", async () => {
  const nowhere = new URL(database.url);
  nowhere.port = "1";
  const options = { logger, onMessage: () => undefined, onReconnect: () => undefined };
  await expect(subscribe({ connectionString: nowhere.href, ...options })).rejects.toThrow();
});

test("probe events fit into a notification at their largest", async () => {
  const { db } = database;
  const { projectId } = await aWorld(db);
  const body: ProjectEventBody = {
    type: "run.probes",
    runId: randomUUID() as RunId,
    step: 1_000_000,
    probes: Array.from({ length: 16 }, () => ({ imageId: randomUUID() as ImageId, score: 1 / 3 })),
  };
  await db.transaction((tx) => recordEvent(tx, { projectId, body }));
  await vi.waitFor(() => expect(heard).toMatchObject([{ kind: "event" }]), SOON);
});
