import type { Database, RunLease } from "@loupe/db";
import { aRun, aWorld, testDatabase } from "@loupe/db/testing";
import { createLogger } from "@loupe/platform";
import { expect, onTestFinished, test } from "vitest";

import { ManualClock } from "../testing/manual-clock.ts";
import { waitUntil } from "../testing/wait-until.ts";
import { LeaseKeeper } from "./lease-keeper.ts";

const database = testDatabase();
const logger = createLogger("test", { level: "silent" });

async function aLease() {
  const world = await aWorld(database.db);
  const run = await aRun(database.db, world);
  const claim = await database.db.runs.claim(run.id, `worker-${run.id}`);
  return { run, lease: claim!.lease };
}

function keep(lease: RunLease, db: Pick<Database, "runs"> = database.db) {
  const clock = new ManualClock();
  const keeper = new LeaseKeeper({ db, lease, logger, clock });
  onTestFinished(() => keeper.stop());
  return { clock, keeper };
}

/** Let beats fall due until the keeper gives up; each of them is answered by the database. */
async function beatUntilAborted({ clock, keeper }: ReturnType<typeof keep>): Promise<unknown> {
  await waitUntil("the signal", () => {
    clock.advance(700);
    return Promise.resolve(keeper.signal.aborted);
  });
  return keeper.signal.reason;
}

async function heartbeatAt(runId: string): Promise<number> {
  const { rows } = await database.db.pool.query<{ at: Date }>(
    `select "heartbeatAt" as at from "training_run" where "id" = $1`,
    [runId],
  );
  return rows[0]!.at.getTime();
}

test("a beat keeps the lease, and no beat comes after the stop", async () => {
  const { run, lease } = await aLease();
  await database.db.pool.query(`update "training_run" set "heartbeatAt" = 'epoch'`);
  const { clock, keeper } = keep(lease);
  clock.advance(699);
  expect(await heartbeatAt(run.id)).toBe(0);
  clock.advance(1);
  await waitUntil("the beat", async () => (await heartbeatAt(run.id)) > 0);
  expect(keeper.signal.aborted).toBe(false);

  keeper.stop();
  await database.db.pool.query(`update "training_run" set "heartbeatAt" = 'epoch'`);
  clock.advance(60_000);
  expect(await heartbeatAt(run.id)).toBe(0);
  expect(keeper.signal.aborted).toBe(false);
});

test("tells of a cancel that a person asked for", async () => {
  const { run, lease } = await aLease();
  await database.db.runs.requestCancel(run.id, run.projectId);
  expect(await beatUntilAborted(keep(lease))).toMatchObject({ interruption: "cancelled" });
});

test("tells that another worker holds the run", async () => {
  const { run, lease } = await aLease();
  await database.db.runs.releaseLeasesOf(`worker-${run.id}`);
  expect(await beatUntilAborted(keep(lease))).toMatchObject({ interruption: "lost" });
});

test("takes the run for lost when a beat is answered neither yes nor no", async () => {
  const { run, lease } = await aLease();
  const locker = await database.db.pool.connect();
  onTestFinished(async () => {
    await locker.query("rollback");
    locker.release();
  });
  await locker.query("begin");
  await locker.query(`select 1 from "training_run" where "id" = $1 for update`, [run.id]);
  const { clock, keeper } = keep(lease);
  clock.advance(15_000);
  expect(keeper.signal.aborted).toBe(false);
  clock.advance(700);
  expect(keeper.signal.reason).toMatchObject({ interruption: "lost" });
});
