import type { DemoWorldId, ImportId, InspectionId, OrganisationId, RunId } from "@loupe/contracts";
import { testDatabase } from "@loupe/db/testing";
import { randomUUID } from "node:crypto";
import { beforeEach, expect, test, vi } from "vitest";

import { createLogger } from "../logging/create-logger.ts";
import { enqueue } from "./enqueue.ts";
import { type JobHandlers, runWorker } from "./run-worker.ts";
import { takeDeadJob } from "./take-dead-job.ts";

const OWNER = "owner" as OrganisationId;
const database = testDatabase();

beforeEach(async () => {
  await database.db.pool.query("delete from graphile_worker._private_jobs");
});

async function useUp(jobId: string, lockedBy: string | null = null): Promise<void> {
  await database.db.pool.query(
    `update graphile_worker._private_jobs set attempts = max_attempts, locked_by = $2,
       locked_at = case when $2::text is null then null else now() end where id = $1`,
    [jobId, lockedBy],
  );
}

test("takes jobs whose attempts are used up, each once, and leaves all others", async () => {
  const { pool } = database.db;
  const importId = randomUUID() as ImportId;
  const dead = await enqueue(pool, { name: "dataset.import", organisationId: OWNER }, { importId });
  await useUp(dead.jobId);
  const held = await enqueue(
    pool,
    { name: "run.train", organisationId: OWNER },
    { runId: randomUUID() as RunId },
  );
  await useUp(held.jobId, "somebody");
  await enqueue(
    pool,
    { name: "inspection.score", organisationId: OWNER },
    { inspectionId: randomUUID() as InspectionId },
  );

  const expected = { jobId: dead.jobId, name: "dataset.import", payload: { importId } };
  expect(await takeDeadJob(pool)).toEqual(expected);
  expect(await takeDeadJob(pool)).toBeNull();
  const { rowCount } = await pool.query("select 1 from graphile_worker._private_jobs");
  expect(rowCount).toBe(2);
});

test("two who ask at once get different jobs, and a rollback puts one back", async () => {
  const { db } = database;
  for (let i = 0; i < 2; i++) {
    const importId = randomUUID() as ImportId;
    await useUp(
      (await enqueue(db.pool, { name: "dataset.import", organisationId: OWNER }, { importId }))
        .jobId,
    );
  }
  const rolledBack = db.transaction(async (tx) => {
    const first = await takeDeadJob(tx.sql);
    const second = await takeDeadJob(db.pool);
    expect(first?.jobId).not.toBe(second?.jobId);
    throw new Error("rolled back");
  });
  await expect(rolledBack).rejects.toThrow("rolled back");
  expect(await takeDeadJob(db.pool)).not.toBeNull();
  expect(await takeDeadJob(db.pool)).toBeNull();
});

test("a payload that does not fit its job is taken without it", async () => {
  const { pool } = database.db;
  await useUp(
    (
      await enqueue(
        pool,
        { name: "dataset.import", organisationId: OWNER },
        { importId: "odd" as ImportId },
      )
    ).jobId,
  );
  expect(await takeDeadJob(pool)).toMatchObject({ name: "dataset.import", payload: null });
});

test("a single job that was replaced while it ran leaves nothing to be ended", async () => {
  const { pool } = database.db;
  const demoWorldId = randomUUID() as DemoWorldId;
  const add = () => enqueue(pool, { name: "demo.seed", organisationId: OWNER }, { demoWorldId });
  const { jobId } = await add();
  await pool.query(
    "update graphile_worker._private_jobs set locked_by = 'killed', locked_at = now()",
  );
  const newer = await add();
  await pool.query("update graphile_worker._private_jobs set locked_by = null, locked_at = null");
  expect(newer.jobId).not.toBe(jobId);
  expect(await takeDeadJob(pool)).toEqual({ jobId, name: "demo.seed", payload: null });
  expect(await takeDeadJob(pool)).toBeNull();
  await useUp(newer.jobId);
  expect(await takeDeadJob(pool)).toMatchObject({ jobId: newer.jobId, payload: { demoWorldId } });
});

test("a last attempt that is interrupted never looks as if it were used up", async () => {
  const { pool } = database.db;
  await enqueue(
    pool,
    { name: "dataset.import", organisationId: OWNER },
    { importId: randomUUID() as ImportId },
  );
  await enqueue(
    pool,
    { name: "dataset.import", organisationId: OWNER },
    { importId: randomUUID() as ImportId },
  );
  await pool.query("update graphile_worker._private_jobs set attempts = max_attempts - 1");
  let [begun, letGo] = [0, (): void => undefined];
  const handler: JobHandlers["dataset.import"] = (_payload, { signal }) => {
    begun++;
    // The first ends at once, the second holds up the stop.
    if (begun === 2) return new Promise((resolve) => (letGo = resolve));
    return new Promise((_resolve, reject) =>
      signal.addEventListener("abort", () => reject(new Error("interrupted"))),
    );
  };
  const nothing = () => Promise.resolve();
  const worker = await runWorker({
    pool,
    concurrency: 3,
    providers: () => ["cpu"],
    logger: createLogger("test", { level: "silent" }),
    handlers: {
      "dataset.import": handler,
      "run.train": nothing,
      "inspection.score": nothing,
      "model.rescore": nothing,
      "dataset.freeze": nothing,
      "encoder.pull": nothing,
      "demo.seed": nothing,
    },
  });
  await vi.waitFor(() => expect(begun).toBe(2), { timeout: 5_000 });
  const stopped = worker.stop();
  await vi.waitFor(
    async () => {
      const { rows } = await pool.query(
        "select attempts from graphile_worker._private_jobs where locked_by is null",
      );
      expect(rows).toEqual([{ attempts: 9 }]);
    },
    { timeout: 5_000 },
  );
  expect(await takeDeadJob(pool)).toBeNull();
  letGo();
  await stopped;
});
