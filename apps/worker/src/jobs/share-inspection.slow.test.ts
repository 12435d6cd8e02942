import type { InspectionId } from "@loupe/contracts";
import { testDatabase } from "@loupe/db/testing";
import { createRandom } from "@loupe/model/random";
import { enqueue } from "@loupe/platform";
import { afterEach, beforeAll, expect, onTestFailed, test } from "vitest";

import { aScoredWorld, anInspectionOf } from "../testing/inspection-world.ts";
import { scratchFolder } from "../testing/scratch-folder.ts";
import type { TrainingWorld } from "../testing/training-world.ts";
import { waitUntil } from "../testing/wait-until.ts";
import { WorkerProcess } from "../testing/worker-process.ts";

const database = testDatabase();
const scratch = scratchFolder();
const IMAGES = 96;
let world: TrainingWorld;

beforeAll(async () => {
  world = await aScoredWorld(database.db, scratch.path);
  // Every time that somebody writes a score, or notes that an image is done, and who it was.
  await database.db.pool.query(`
    create table written ("imageId" uuid not null);
    create table finished ("imageId" uuid not null, "workerId" text);
    create function note_written() returns trigger language plpgsql as $$
      begin insert into written values (new."imageId"); return null; end $$;
    create function note_finished() returns trigger language plpgsql as $$
      begin
        insert into finished select new."imageId", "workerId" from job_lease where id = old."leaseId";
        return null;
      end $$;
    create trigger note_written after insert or update on prediction
      for each row execute function note_written();
    create trigger note_finished after update of "isDone" on inspection_image
      for each row when (new."isDone") execute function note_finished()`);
}, 120_000);
afterEach(async () => {
  await WorkerProcess.killAll();
});

function startWorker(): WorkerProcess {
  const worker = new WorkerProcess({ url: database.url, home: world.home });
  onTestFailed(async () => void process.stderr.write(await worker.log()));
  return worker;
}

async function startInspection(seed: number): Promise<InspectionId> {
  const { db, organisationId } = world;
  await db.pool.query("truncate written, finished");
  const inspectionId = await anInspectionOf(world, { images: IMAGES, seed });
  await enqueue(db.pool, { name: "inspection.score", organisationId }, { inspectionId });
  return inspectionId;
}

async function untilDone(id: InspectionId, images: number) {
  return waitUntil(`${images} images`, async () => {
    const view = await world.db.inspections.require(id, world.projectId);
    return view.imagesDone >= images || view.finishedAt !== null ? view : null;
  });
}

/** Everything is there once, and the end was told once. */
async function expectOnce(id: InspectionId): Promise<void> {
  const { db, projectId } = world;
  await waitUntil("the end", async () => {
    return (await db.inspections.require(id, projectId)).finishedAt !== null;
  });
  expect(await db.inspections.require(id, projectId)).toMatchObject({
    status: "succeeded",
    imagesDone: IMAGES,
    imagesTotal: IMAGES,
  });
  for (const table of ["written", "finished"]) {
    const { rows } = await db.pool.query(
      `select count(*)::int as "all", count(distinct "imageId")::int as "images" from ${table}`,
    );
    expect(rows, table).toEqual([{ all: IMAGES, images: IMAGES }]);
  }
  const events = await db.events.listAfter(projectId, 0, 10_000);
  const ends = events.filter(
    ({ body }) =>
      body.type === "inspection.status" && body.inspectionId === id && body.status === "succeeded",
  );
  expect(ends).toHaveLength(1);
  const cases = await db.cases.list({ projectId, state: "all", inspectionId: id, limit: 500 });
  expect(cases.rows).toHaveLength(IMAGES);
}

async function untilBothWork(): Promise<void> {
  await waitUntil("both workers", async () => {
    const { rowCount } = await world.db.pool.query("select from worker_node");
    return rowCount === 2;
  });
}

test("two workers share an inspection, and no image is scored twice", async () => {
  startWorker();
  startWorker();
  await untilBothWork();
  await expectOnce(await startInspection(1));
  const { rows } = await world.db.pool.query<{ images: number }>(
    `select count(*)::int as images from finished group by "workerId"`,
  );
  expect(rows).toHaveLength(2);
  // A part at least, of which the other one kept its hands.
  expect(Math.min(...rows.map(({ images }) => images))).toBeGreaterThanOrEqual(16);
}, 120_000);

test("workers are killed at random points, and each image is stored once", async () => {
  const random = createRandom(20);
  const workers = [startWorker(), startWorker()];
  const id = await startInspection(2);
  let killedAt = 0;
  for (let kill = 0; kill < 3; kill++) {
    killedAt += 4 + Math.floor(random.uniform() * 24);
    await untilDone(id, killedAt);
    await workers.shift()!.kill("SIGKILL");
    workers.push(startWorker());
  }
  await expectOnce(id);
  await waitUntil("all shares to be given back", async () => {
    return (await world.db.pool.query("select from job_lease")).rowCount === 0;
  });
}, 240_000);
