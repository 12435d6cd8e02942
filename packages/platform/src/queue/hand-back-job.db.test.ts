import type { EncoderPullId, OrganisationId } from "@loupe/contracts";
import { testDatabase } from "@loupe/db/testing";
import { randomUUID } from "node:crypto";
import { beforeEach, expect, test } from "vitest";

import { enqueue } from "./enqueue.ts";
import { handBackJob } from "./hand-back-job.ts";

const OWNER = "owner" as OrganisationId;
const database = testDatabase();
let jobId: string;

beforeEach(async () => {
  const { pool } = database.db;
  await pool.query("delete from graphile_worker._private_jobs");
  await pool.query("delete from graphile_worker._private_job_queues");
  const pullId = randomUUID() as EncoderPullId;
  ({ jobId } = await enqueue(pool, { name: "encoder.pull", organisationId: OWNER }, { pullId }));
});

/** The job and its lane as taken by a worker. */
async function lock(owner: string, attempts: number): Promise<void> {
  const { pool } = database.db;
  await pool.query(
    `update graphile_worker._private_jobs set locked_by = $1, locked_at = now(), attempts = $2`,
    [owner, attempts],
  );
  await pool.query(
    `update graphile_worker._private_job_queues set locked_by = $1, locked_at = now()`,
    [owner],
  );
}

/** What the queue does in its own time once a job has thrown. */
async function recordFailure(owner: string): Promise<void> {
  await database.db.pool.query(
    `with failed as (
       update graphile_worker._private_jobs
       set last_error = 'interrupted', run_at = now() + interval '3 seconds',
         locked_by = null, locked_at = null
       where locked_by = $1 returning job_queue_id)
     update graphile_worker._private_job_queues as lane set locked_by = null, locked_at = null
     from failed where lane.id = failed.job_queue_id and lane.locked_by = $1`,
    [owner],
  );
}

async function state(): Promise<unknown> {
  const { rows } = await database.db.pool.query(
    `select job.attempts, job.locked_by, job.run_at <= now() as due, lane.locked_by as lane
     from graphile_worker._private_jobs job
     join graphile_worker._private_job_queues lane on lane.id = job.job_queue_id`,
  );
  return rows;
}

const interrupted = () => ({ jobId, attempt: 2, graphileIds: ["pool-a", "worker-a"] });

test("a job whose failure is recorded before is due at once, as the attempt that it was", async () => {
  await lock("pool-a", 2);
  await recordFailure("pool-a");
  await handBackJob(database.db.pool, interrupted());
  expect(await state()).toEqual([{ attempts: 1, locked_by: null, due: true, lane: null }]);
});

test("a job whose failure is recorded only afterwards is no different", async () => {
  await lock("pool-a", 2);
  await handBackJob(database.db.pool, interrupted());
  await recordFailure("pool-a");
  expect(await state()).toEqual([{ attempts: 1, locked_by: null, due: true, lane: null }]);
});

test("a job that another worker has taken meanwhile is left to it", async () => {
  await lock("pool-b", 3);
  await handBackJob(database.db.pool, interrupted());
  expect(await state()).toEqual([{ attempts: 3, locked_by: "pool-b", due: true, lane: "pool-b" }]);
});
