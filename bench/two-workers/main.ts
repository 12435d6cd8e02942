/**
 * @file What a second worker is worth: `npm run -s bench:two-workers [-- --images N --rounds N]`.
 *
 * Starts a database, trains the tiny model, and lets first one worker and then two score an
 * inspection, in turn, so that whatever else the machine does falls on both. Prints one JSON
 * object: the seconds of each, their ratio, and how many images were written more than once.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

import { openDatabase } from "@loupe/db";
import { startTestServer } from "@loupe/db/testing";
import { enqueue, migrateQueue } from "@loupe/platform";

import { aScoredWorld, anInspectionOf } from "../../apps/worker/src/testing/inspection-world.ts";
import type { TrainingWorld } from "../../apps/worker/src/testing/training-world.ts";
import { WorkerProcess } from "../../apps/worker/src/testing/worker-process.ts";
import { describeMachine } from "../machine.ts";
import { median } from "../median.ts";

const POLL_MS = 20;
/** Opens the detector of every worker, so that neither's start is measured. */
const WARM_UP_IMAGES = 48;

const { values } = parseArgs({
  options: {
    images: { type: "string", default: "400" },
    rounds: { type: "string", default: "3" },
  },
});
const images = Number(values.images);
const rounds = Number(values.rounds);

const home = await mkdtemp(join(tmpdir(), "loupe-bench-two-workers-"));
const server = await startTestServer();
const db = await openDatabase(server.templateUrl);
await migrateQueue(db.pool);
let seed = 0;
try {
  process.stdout.write(`${JSON.stringify(await measure())}\n`);
} finally {
  await WorkerProcess.killAll();
  await db.close();
  await server.stop();
  await rm(home, { recursive: true, force: true });
}

async function measure(): Promise<object> {
  const world = await aScoredWorld(db, home);
  await db.pool.query(`
    create table written ("imageId" uuid not null);
    create function note_written() returns trigger language plpgsql as $$
      begin insert into written values (new."imageId"); return null; end $$;
    create trigger note_written after insert or update on prediction
      for each row execute function note_written()`);
  const seconds: { one: number[]; two: number[] } = { one: [], two: [] };
  const load: number[] = [];
  for (let round = 0; round < rounds; round++) {
    load.push(loadavg()[0] ?? 0);
    seconds.one.push(await secondsOf(world, 1));
    seconds.two.push(await secondsOf(world, 2));
  }
  const { rows } = await db.pool.query<{ twice: number }>(
    `select count(*)::int as twice from (
       select from written group by "imageId" having count(*) > 1) as each`,
  );
  return {
    bench: "two-workers",
    images,
    seconds: { one: median(seconds.one), two: median(seconds.two), ofRounds: seconds },
    ratio: median(seconds.two.map((two, at) => two / (seconds.one[at] ?? two))),
    writtenTwice: rows[0]?.twice,
    loadBefore: load,
    machine: describeMachine(),
  };
}

async function secondsOf(world: TrainingWorld, count: number): Promise<number> {
  const workers = Array.from(
    { length: count },
    () => new WorkerProcess({ url: db.url, home: world.home }),
  );
  await until(async () => (await db.pool.query("select from worker_node")).rowCount === count);
  await score(world, WARM_UP_IMAGES * count);
  const taken = await score(world, images);
  await Promise.all(workers.map((worker) => worker.kill("SIGTERM")));
  return taken;
}

/** Seconds from the inspection's job to its end. */
async function score(world: TrainingWorld, count: number): Promise<number> {
  const { organisationId, projectId } = world;
  const inspectionId = await anInspectionOf(world, { images: count, seed: ++seed });
  const startedAt = performance.now();
  await enqueue(db.pool, { name: "inspection.score", organisationId }, { inspectionId });
  await until(async () => {
    const { status, error } = await db.inspections.require(inspectionId, projectId);
    if (status === "failed") throw new Error(`The inspection failed: ${error ?? ""}`);
    return status === "succeeded";
  });
  return (performance.now() - startedAt) / 1000;
}

async function until(isDone: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 600_000;
  while (!(await isDone())) {
    if (Date.now() > deadline) throw new Error("Waited for ten minutes in vain.");
    await sleep(POLL_MS);
  }
}
