import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";

import type { ImportId } from "@loupe/contracts";
import { aTrainingRun, aWorld, testDatabase } from "@loupe/db/testing";
import { createLogger } from "@loupe/platform";
import { expect, onTestFinished, test } from "vitest";

import { waitUntil } from "../testing/wait-until.ts";
import { HeartbeatThread } from "./heartbeat-thread.ts";

const database = testDatabase();
const logger = createLogger("test", { level: "silent" });

function startBeating(workerId: string, onUnknown: () => void = () => undefined): HeartbeatThread {
  const thread = new HeartbeatThread({
    url: database.url,
    workerId,
    logger,
    everyMs: 50,
    onUnknown,
  });
  onTestFinished(() => thread.stop());
  thread.start();
  return thread;
}

async function registerWorker(id: string): Promise<void> {
  const nothing = { devices: [], encoders: [], graphileIds: [] };
  await database.db.workers.register({ id, name: id, providers: ["cpu"], ...nothing });
}

/** In another process: ends when run, lease and worker have all beaten since the year began. */
const UNTIL_ALL_BEAT = `
  const pg = require(process.argv[1]);
  (async () => {
    const client = new pg.Client({ connectionString: process.argv[2] });
    await client.connect();
    for (;;) {
      const { rows } = await client.query(
        \`select (select min("beatAt") from job_lease) > 'epoch'
           and (select min("heartbeatAt") from training_run) > 'epoch'
           and (select min("heartbeatAt") from worker_node) > 'epoch' as beats\`);
      if (rows[0].beats) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await client.end();
  })();`;

test("a worker whose loop is held up beats for itself, its runs and its leases", async () => {
  const { db, url } = database;
  const world = await aWorld(db);
  await registerWorker("busy");
  await aTrainingRun(db, world, "busy");
  await db.leases.take({ kind: "import", id: randomUUID() as ImportId }, "busy");
  startBeating("busy");
  await db.pool.query(`update job_lease set "beatAt" = 'epoch'`);
  await db.pool.query(`update training_run set "heartbeatAt" = 'epoch'`);
  await db.pool.query(`update worker_node set "heartbeatAt" = 'epoch'`);
  // Nothing of this process's own loop runs until the other one has ended.
  const pg = createRequire(createRequire(import.meta.url).resolve("@loupe/db")).resolve("pg");
  const { status } = spawnSync(process.execPath, ["-e", UNTIL_ALL_BEAT, pg, url], {
    timeout: 60_000,
  });
  expect(status).toBe(0);
});

test("a row that somebody is writing holds up none of the others", async () => {
  const { db } = database;
  const world = await aWorld(db);
  await registerWorker("blocked");
  const { run } = await aTrainingRun(db, world, "blocked");
  const token = await db.leases.take({ kind: "import", id: randomUUID() as ImportId }, "blocked");
  await db.transaction(async (tx) => {
    await tx.sql.query(`select 1 from training_run where id = $1::uuid for update`, [run.id]);
    await db.pool.query(`update job_lease set "beatAt" = 'epoch' where id = $1`, [token]);
    startBeating("blocked");
    await waitUntil("the lease's beat", async () => {
      const { rows } = await db.pool.query<{ beats: boolean }>(
        `select "beatAt" > 'epoch' as beats from job_lease where id = $1`,
        [token],
      );
      return rows[0]?.beats;
    });
  });
});

test("a worker that was taken for dead hears of it, and a run that it gave up stays free", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const { run } = await aTrainingRun(db, world, "gone");
  await db.runs.releaseLeasesOf("gone");
  let told = 0;
  startBeating("gone", () => (told += 1));
  await waitUntil("the news", () => Promise.resolve(told > 1));
  expect(await db.runs.claim(run.id, "another")).not.toBeNull();
});
