import type { ImportId, InspectionId, RunId } from "@loupe/contracts";
import { testDatabase } from "@loupe/db/testing";
import { randomUUID } from "node:crypto";
import { beforeEach, expect, test } from "vitest";

import { enqueue } from "./enqueue.ts";
import { takeDeadJob } from "./take-dead-job.ts";

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
  const dead = await enqueue(pool, "dataset.import", { importId });
  await useUp(dead.jobId);
  const held = await enqueue(pool, "run.train", { runId: randomUUID() as RunId });
  await useUp(held.jobId, "somebody");
  await enqueue(pool, "inspection.score", { inspectionId: randomUUID() as InspectionId });

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
    await useUp((await enqueue(db.pool, "dataset.import", { importId })).jobId);
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
  await useUp((await enqueue(pool, "dataset.import", { importId: "odd" as ImportId })).jobId);
  expect(await takeDeadJob(pool)).toMatchObject({ name: "dataset.import", payload: null });
});
