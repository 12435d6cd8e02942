import { AppError, type ImportId, type OrganisationId, type RunId } from "@loupe/contracts";
import { testDatabase } from "@loupe/db/testing";
import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { createLogger } from "../logging/create-logger.ts";
import { QueueWorld, SOON, type StartedWorker } from "../testing/queue-world.ts";
import { enqueue } from "./enqueue.ts";
import { releaseDeadWorkers } from "./release-dead-workers.ts";
import type { JobHandlers } from "./run-worker.ts";

const OWNER = "owner" as OrganisationId;
const database = testDatabase();
let lines: Record<string, unknown>[];
const queue = new QueueWorld(() => database.db.pool);

beforeEach(async () => {
  lines = [];
  await queue.clear();
});
afterEach(() => queue.stopAll());

/** A worker whose lines are kept. */
const start = (handlers: Partial<JobHandlers>, started: StartedWorker = {}) =>
  queue.start(handlers, {
    ...started,
    logger: createLogger("test", {
      destination: {
        write: (text) => void lines.push(JSON.parse(text) as Record<string, unknown>),
      },
    }),
  });

const importId = () => randomUUID() as ImportId;

test("a job of a transaction is there after its commit and never after a rollback", async () => {
  const kept = importId();
  const seen: string[] = [];
  await start({
    "dataset.import": ({ importId: id }) => Promise.resolve(void seen.push(id)),
  });
  const rolledBack = database.db.transaction(async (tx) => {
    await enqueue(
      tx.sql,
      { name: "dataset.import", organisationId: OWNER },
      { importId: importId() },
    );
    throw new Error("rolled back");
  });
  await expect(rolledBack).rejects.toThrow("rolled back");
  const { jobId } = await database.db.transaction((tx) =>
    enqueue(tx.sql, { name: "dataset.import", organisationId: OWNER }, { importId: kept }),
  );
  expect(jobId).toMatch(/^\d+$/);
  await vi.waitFor(async () => expect(await queue.jobs()).toEqual([]), SOON);
  expect(seen).toEqual([kept]);
});

test("an unexpected error is tried again and logged with the job's id", async () => {
  const { jobId } = await enqueue(
    database.db.pool,
    { name: "dataset.import", organisationId: OWNER },
    { importId: importId() },
  );
  await start({ "dataset.import": () => Promise.reject(new Error("disk full")) });
  await vi.waitFor(async () => {
    const [job] = await queue.jobs();
    expect(job).toMatchObject({ attempts: 1, locked_by: null });
  }, SOON);
  const { rows } = await database.db.pool.query(
    "select run_at > now() as later, max_attempts from graphile_worker.jobs",
  );
  expect(rows).toEqual([{ later: true, max_attempts: 10 }]);
  expect(lines).toContainEqual(
    expect.objectContaining({
      msg: "job failed, will be tried again",
      jobId,
      job: "dataset.import",
    }),
  );
});

test.each([
  ["an expected failure", () => Promise.reject(new AppError("ENCODER_MISSING", "no encoder"))],
  ["a payload that does not fit", null],
])("%s is never tried again", async (_what, handler) => {
  const payload =
    handler === null ? { importId: "not-an-id" as ImportId } : { importId: importId() };
  await enqueue(database.db.pool, { name: "dataset.import", organisationId: OWNER }, payload);
  await start(handler === null ? {} : { "dataset.import": handler });
  await vi.waitFor(async () => {
    const { rows } = await database.db.pool.query(
      "select attempts, max_attempts, locked_by from graphile_worker.jobs",
    );
    expect(rows).toEqual([{ attempts: 1, max_attempts: 1, locked_by: null }]);
  }, SOON);
  expect(lines).toContainEqual(expect.objectContaining({ msg: "job failed for good" }));
});

test("stopping interrupts a job, which the next worker gets at once and as the same attempt", async () => {
  const attempts: number[] = [];
  let started: () => void = () => undefined;
  const hasStarted = new Promise<void>((resolve) => (started = resolve));
  await enqueue(
    database.db.pool,
    { name: "run.train", organisationId: OWNER },
    { runId: randomUUID() as RunId },
  );
  const first = await start({
    "run.train": (_payload, { signal, attempt }) => {
      attempts.push(attempt);
      started();
      return new Promise((_resolve, reject) =>
        signal.addEventListener("abort", () => reject(new Error("interrupted"))),
      );
    },
  });
  await hasStarted;
  await first.stop();
  await start({
    "run.train": (_payload, { attempt }) => Promise.resolve(void attempts.push(attempt)),
  });
  await vi.waitFor(async () => expect(await queue.jobs()).toEqual([]), SOON);
  expect(attempts).toEqual([1, 1]);
});

test("what a dead worker held is free at once when its locks are released", async () => {
  const { pool } = database.db;
  const runId = randomUUID() as RunId;
  await enqueue(pool, { name: "run.train", organisationId: OWNER }, { runId });
  let started: () => void = () => undefined;
  const hasStarted = new Promise<void>((resolve) => (started = resolve));
  let letGo: () => void = () => undefined;
  const handlers: Partial<JobHandlers> = {
    "run.train": () => {
      started();
      // Never heard of again, as after kill -9; let go at the end so that the test can stop it.
      return new Promise((resolve) => (letGo = resolve));
    },
  };
  const dead = await start(handlers, { concurrency: 1 });
  await hasStarted;
  const [held] = await queue.jobs();
  expect(dead.graphileIds).toContain(held?.locked_by);

  const resumed: number[] = [];
  await start({
    "run.train": (_payload, { attempt }) => Promise.resolve(void resumed.push(attempt)),
  });
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(resumed).toEqual([]);
  await releaseDeadWorkers(pool, dead.graphileIds);
  await vi.waitFor(() => expect(resumed).toEqual([2]), SOON);
  letGo();
});

test("jobs wait until the worker's ids are on record", async () => {
  const order: string[] = [];
  await enqueue(
    database.db.pool,
    { name: "dataset.import", organisationId: OWNER },
    { importId: importId() },
  );
  const onIds = async (ids: readonly string[]) => {
    await new Promise((resolve) => setTimeout(resolve, 150));
    order.push(ids.length > 0 ? "on record" : "no ids");
  };
  await start(
    { "dataset.import": () => Promise.resolve(void order.push("job")) },
    { concurrency: 1, onIds },
  );
  await vi.waitFor(() => expect(order).toEqual(["on record", "job"]), SOON);
});
