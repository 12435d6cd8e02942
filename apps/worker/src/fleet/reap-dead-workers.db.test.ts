import { randomUUID } from "node:crypto";

import type { ImportId, OrganisationId } from "@loupe/contracts";
import { aTrainingRun, aWorld, testDatabase } from "@loupe/db/testing";
import { createLogger, enqueue } from "@loupe/platform";
import { beforeEach, describe, expect, test } from "vitest";

import { reapDeadWorkers } from "./reap-dead-workers.ts";

const database = testDatabase();
const logger = createLogger("test", { level: "silent" });
const SPACE = "0123abcd";
const OWNER = "owner" as OrganisationId;

beforeEach(async () => {
  await database.db.pool.query("delete from worker_node");
  await database.db.pool.query("delete from graphile_worker._private_jobs");
});

/** A worker that was last heard of so many seconds ago; negative while its heartbeat is under way. */
async function aWorker(id: string, silentSeconds: number): Promise<void> {
  const { db } = database;
  const graphileIds = [`${id}-queue`];
  const nothing = { devices: [], encoders: [] };
  await db.workers.register({ id, name: id, providers: ["cpu"], ...nothing, graphileIds });
  await db.pool.query(
    `update worker_node set "heartbeatAt" = now() - make_interval(secs => $2) where id = $1`,
    [id, silentSeconds],
  );
}

/** A job that was taken an hour ago. */
async function aJobOf(graphileId: string): Promise<string> {
  const { pool } = database.db;
  const importId = randomUUID() as ImportId;
  const { jobId } = await enqueue(
    pool,
    { name: "dataset.import", organisationId: OWNER },
    { importId },
  );
  await pool.query(
    `update graphile_worker._private_jobs
     set locked_by = $2, locked_at = now() - interval '1 hour' where id = $1`,
    [jobId, graphileId],
  );
  return jobId;
}

async function holderOf(jobId: string): Promise<string | null> {
  const { rows } = await database.db.pool.query<{ locked_by: string | null }>(
    "select locked_by from graphile_worker._private_jobs where id = $1",
    [jobId],
  );
  return rows[0]?.locked_by ?? null;
}

async function lookAround(): Promise<void> {
  await reapDeadWorkers({ db: database.db, selfId: "self", space: SPACE, logger });
}

describe("reapDeadWorkers", () => {
  // Found by a training of seven minutes: heartbeat and look at the same moment lost the job.
  test.each([-1, 0, 5, 14])("leaves a worker heard of %i s ago its jobs", async (silentSeconds) => {
    await aWorker("self", silentSeconds);
    await aWorker("other", silentSeconds);
    const own = await aJobOf("self-queue");
    const others = await aJobOf("other-queue");
    await lookAround();
    expect(await holderOf(own)).toBe("self-queue");
    expect(await holderOf(others)).toBe("other-queue");
  });

  test("frees the jobs of a worker that has been silent for too long, but never its own", async () => {
    await aWorker("self", 60);
    await aWorker("other", 16);
    const own = await aJobOf("self-queue");
    const others = await aJobOf("other-queue");
    await lookAround();
    expect(await holderOf(own)).toBe("self-queue");
    expect(await holderOf(others)).toBeNull();
    expect((await database.db.workers.listAlive(600_000)).map(({ id }) => id)).toEqual(["self"]);
  });

  test("frees the jobs of a process of this machine that is gone, without waiting", async () => {
    const gone = `other-${SPACE}-4194399-aaaa`;
    const living = `other-${SPACE}-${process.pid}-bbbb`;
    const elsewhere = "other-89abcdef-4194399-cccc";
    for (const id of ["self", gone, living, elsewhere]) await aWorker(id, 1);
    const jobs = await Promise.all([gone, living, elsewhere].map((id) => aJobOf(`${id}-queue`)));
    await lookAround();
    expect(await Promise.all(jobs.map(holderOf))).toEqual([
      null,
      `${living}-queue`,
      `${elsewhere}-queue`,
    ]);
  });

  test("frees jobs that no registered worker holds", async () => {
    await aWorker("self", 1);
    const job = await aJobOf("nobody-queue");
    await lookAround();
    expect(await holderOf(job)).toBeNull();
  });

  test("frees the run of a dead worker and says on its curve that the worker was lost", async () => {
    const { db } = database;
    const world = await aWorld(db);
    await aWorker("other", 16);
    const { run } = await aTrainingRun(db, world, "other");
    await lookAround();
    await lookAround();
    expect(await db.runs.incidents(run.id)).toMatchObject([
      { kind: "worker-lost", step: 0, message: "Worker other was lost at step 0." },
    ]);
    expect(await db.runs.claim(run.id, "self")).not.toBeNull();
    const events = await db.events.listAfter(world.projectId, 0, 10);
    expect(events.map(({ body }) => body.type)).toEqual(["run.incident"]);
  });
});
