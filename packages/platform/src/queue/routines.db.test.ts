import { testDatabase } from "@loupe/db/testing";
import { afterEach, expect, test, vi } from "vitest";

import { QueueWorld, SOON } from "../testing/queue-world.ts";
import type { Routine } from "./routines.ts";

const NAME = "storage.sweep";
/** Once a day, half a day away from now. */
const WHEN = `30 ${(new Date().getUTCHours() + 12) % 24} * * *`;

const database = testDatabase();
const queue = new QueueWorld(() => database.db.pool);
afterEach(async () => {
  await queue.stopAll();
  await database.db.pool.query("delete from graphile_worker._private_known_crontabs");
  await database.db.pool.query("delete from graphile_worker._private_jobs");
});

const start = (work: Routine["work"]) =>
  queue.start({}, { routines: [{ name: NAME, when: WHEN, work }] });

/** As if it had last been done two days ago and no worker had run since. */
async function wasDue(): Promise<void> {
  await database.db.pool.query(
    `insert into graphile_worker._private_known_crontabs (identifier, known_since, last_execution)
     values ($1, now() - interval '3 days', now() - interval '2 days')`,
    [NAME],
  );
}

async function countJobs(): Promise<number> {
  const { rows } = await database.db.pool.query("select 1 from graphile_worker._private_jobs");
  return rows.length;
}

test("what was due while no worker ran is done at the next start, by one of several", async () => {
  await wasDue();
  let times = 0;
  const work = () => Promise.resolve(times++);
  await Promise.all([start(work), start(work)]);
  await vi.waitFor(async () => {
    expect(times).toBeGreaterThan(0);
    expect(await countJobs()).toBe(0);
  }, SOON);
  expect(times).toBe(1);
});

test("what has just begun to be known is not due before its time", async () => {
  let times = 0;
  const worker = await start(() => Promise.resolve(times++));
  await vi.waitFor(async () => {
    const { rows } = await database.db.pool.query<{ identifier: string }>(
      "select identifier from graphile_worker._private_known_crontabs",
    );
    expect(rows).toEqual([{ identifier: NAME }]);
  }, SOON);
  await worker.stop();
  expect(times).toBe(0);
});

test("one that fails is tried again, and one that is under way hears of a stop", async () => {
  await wasDue();
  let attempts = 0;
  let heard = false;
  const worker = await start(async (signal) => {
    attempts++;
    if (attempts === 1) throw new Error("the disk is away");
    await new Promise<void>((resolve) => {
      signal.addEventListener("abort", () => {
        heard = true;
        resolve();
      });
    });
  });
  await vi.waitFor(() => expect(attempts).toBe(2), SOON);
  await worker.stop();
  expect(heard).toBe(true);
});
