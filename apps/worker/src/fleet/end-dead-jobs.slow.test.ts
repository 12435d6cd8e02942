import { existsSync } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";

import { TINY_DEMO, type DemoWorldId, type JobName, type JobPayload } from "@loupe/contracts";
import { aModel, aProject, testDatabase } from "@loupe/db/testing";
import { enqueue } from "@loupe/platform";
import { afterEach, expect, onTestFailed, test } from "vitest";

import { scratchFolder } from "../testing/scratch-folder.ts";
import { aTrainingWorld, startRun, type TrainingWorld } from "../testing/training-world.ts";
import { waitUntil } from "../testing/wait-until.ts";
import { WorkerProcess } from "../testing/worker-process.ts";

const database = testDatabase();
const scratch = scratchFolder();
afterEach(async () => {
  await WorkerProcess.killAll();
});

type Work = { readonly enqueue: () => Promise<unknown>; readonly end: () => Promise<unknown> };

/** One piece of work for every job there is, and how it ends. */
async function workOf(world: TrainingWorld): Promise<Record<JobName, Work>> {
  const { db, blobs, organisationId, projectId, engineer } = world;
  const upload = await blobs.createUpload(Readable.from([Buffer.from("zip")]), { maxBytes: 9 });
  const uploaded = { fileName: "parts.zip", sizeBytes: 3, uploadKey: upload.key };
  const { id: importId } = await db.imports.create({
    projectId,
    createdById: engineer,
    ...uploaded,
  });
  await mkdir(join(world.home, "scratch", `import-${importId}-killed`), { recursive: true });
  const model = await aModel(db, world);
  const inspection = { projectId, modelVersionId: model.id, createdById: engineer };
  const { id: inspectionId } = await db.inspections.create(inspection);
  await db.inspections.markQueued(inspectionId);
  await db.pool.query(
    `update project set "activeModelVersionId" = $1, "isRescoring" = true where "id" = $2`,
    [model.id, projectId],
  );
  const freeze = await db.freezes.create({ projectId, createdById: engineer });
  const asked = { projectId, encoder: "resnet18", requestedById: engineer };
  const { pull } = await db.encoderPulls.request(asked);
  const demoWorldId = await aDemo(world);
  const add = <N extends JobName>(name: N, payload: JobPayload<N>) =>
    enqueue(db.pool, { name, organisationId }, payload);
  let runId: Awaited<ReturnType<typeof startRun>>["id"] | null = null;
  return {
    "dataset.import": {
      enqueue: () => add("dataset.import", { importId }),
      end: () => db.imports.find(importId),
    },
    "run.train": {
      enqueue: async () => {
        runId = (await startRun(world)).id;
      },
      end: async () => (runId === null ? null : db.runs.find(runId)),
    },
    "inspection.score": {
      enqueue: () => add("inspection.score", { inspectionId }),
      end: () => db.inspections.require(inspectionId, projectId),
    },
    "model.rescore": {
      enqueue: () => add("model.rescore", { modelVersionId: model.id }),
      end: async () => (await db.projects.require(projectId, organisationId)).activeModel,
    },
    "dataset.freeze": {
      enqueue: () => add("dataset.freeze", { freezeId: freeze.id }),
      end: () => db.freezes.require(freeze.id, projectId),
    },
    "encoder.pull": {
      enqueue: () => add("encoder.pull", { pullId: pull.id }),
      end: () => db.encoderPulls.find(pull.id),
    },
    "demo.seed": {
      enqueue: () => add("demo.seed", { demoWorldId }),
      end: () => db.demoWorlds.find(demoWorldId),
    },
  };
}

async function aDemo({ db, organisationId, engineer }: TrainingWorld): Promise<DemoWorldId> {
  const project = await aProject(db, { organisationId, createdById: engineer });
  const { rows } = await db.pool.query<{ id: DemoWorldId }>(
    `insert into demo_world ("id", "projectId", "plan") values (gen_random_uuid(), $1, $2)
     returning "id"::text`,
    [project.id, TINY_DEMO],
  );
  return rows[0]!.id;
}

const ENDS = {
  "dataset.import": {
    status: "failed",
    error: expect.stringMatching(/again and again/u) as string,
  },
  "run.train": { status: "failed", error: expect.stringMatching(/again and again/u) as string },
  "inspection.score": { status: "failed", error: expect.stringMatching(/again and/u) as string },
  "model.rescore": { isRescoring: false },
  "dataset.freeze": {
    status: "failed",
    error: expect.stringMatching(/again and again/u) as string,
  },
  "encoder.pull": { status: "failed", error: expect.stringMatching(/again and again/u) as string },
  "demo.seed": { phase: "done", problem: expect.stringMatching(/again and again/u) as string },
} satisfies Record<JobName, object>;

test("work whose last attempt dies with its worker is ended with a reason by the next one", async () => {
  const world = await aTrainingWorld(database.db, scratch.path);
  const { db, home } = world;
  const work = await workOf(world);
  for (const { enqueue: add } of Object.values(work)) await add();
  const names = Object.keys(work) as JobName[];
  await db.pool.query("update graphile_worker._private_jobs set attempts = max_attempts - 1");
  const start = () => {
    // One place more than jobs: an organisation never gets the last one.
    const worker = new WorkerProcess({ url: database.url, home, jobsAtOnce: names.length + 1 });
    onTestFailed(async () => void process.stderr.write(await worker.log()));
    return worker;
  };

  // Held up at its first look at its row, every job is surely under way when its worker dies.
  const holder = await db.pool.connect();
  await holder.query("begin");
  await holder.query(
    `lock import, dataset_freeze, training_run, inspection, model_version, encoder_pull, demo_world
     in access exclusive mode`,
  );
  // Two, since each of them scores one thing at a time.
  const doomed = [start(), start()];
  await waitUntil("every job to be taken", async () => {
    const { rowCount } = await holder.query(
      "select 1 from graphile_worker._private_jobs where locked_by is not null",
    );
    return rowCount === names.length;
  });
  await Promise.all(doomed.map((worker) => worker.kill("SIGKILL")));
  await holder.query("rollback");
  holder.release();

  start();
  await waitUntil("an empty queue", async () => {
    const { rowCount } = await db.pool.query("select 1 from graphile_worker._private_jobs");
    return rowCount === 0;
  });
  for (const name of names) expect(await work[name].end(), name).toMatchObject(ENDS[name]);
  await waitUntil("the upload's removal", async () => {
    const left = await readdir(join(home, "blobs", "uploads"));
    return left.length === 0 && (await readdir(join(home, "scratch"))).length === 0;
  });
  expect(existsSync(join(home, "blobs", "uploads"))).toBe(true);
  const told = (await db.events.listAfter(world.projectId, 0, 100)).map(({ body }) => body.type);
  for (const type of [
    "import.status",
    "run.status",
    "inspection.status",
    "dataset.freeze",
    "encoder.pull",
  ]) {
    expect(told).toContain(type);
  }
}, 120_000);
