import { spawnSync } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import type { ImportId } from "@loupe/contracts";
import { testDatabase } from "@loupe/db/testing";
import { enqueue } from "@loupe/platform";
import { afterEach, beforeEach, expect, onTestFailed, test } from "vitest";

import { drawPart } from "../testing/draw-part.ts";
import { hostileArchives } from "../testing/hostile-archives.ts";
import { anImportWorld, uploadZip, type ImportWorld } from "../testing/import-world.ts";
import { makeZip } from "../testing/make-zip.ts";
import { scratchFolder } from "../testing/scratch-folder.ts";
import { aTrainingWorld, startRun } from "../testing/training-world.ts";
import { waitUntil } from "../testing/wait-until.ts";
import { WorkerProcess } from "../testing/worker-process.ts";

const database = testDatabase();
const scratch = scratchFolder();
let world: ImportWorld;

beforeEach(async () => {
  await database.db.pool.query("delete from graphile_worker._private_jobs");
  world = await anImportWorld(database.db, scratch.path);
});
afterEach(async () => {
  await WorkerProcess.killAll();
});

function startWorker(): WorkerProcess {
  const worker = new WorkerProcess({ url: database.url, home: world.folder });
  onTestFailed(async () => void process.stderr.write(await worker.log()));
  return worker;
}

async function startImport(bytes: Uint8Array): Promise<ImportId> {
  const importId = await uploadZip(world, bytes);
  await enqueueImport(importId);
  return importId;
}

async function enqueueImport(importId: ImportId): Promise<void> {
  const { db, organisationId } = world;
  await enqueue(db.pool, { name: "dataset.import", organisationId }, { importId });
}

async function untilEnded(importId: ImportId) {
  return waitUntil(`the end of import ${importId}`, async () => {
    const view = await world.db.imports.find(importId);
    return view !== null && view.finishedAt !== null ? view : null;
  });
}

async function isAlive(worker: WorkerProcess): Promise<boolean> {
  return Promise.race([worker.exited.then(() => false), Promise.resolve(true)]);
}

async function expectNothingLeft(): Promise<void> {
  await waitUntil("an empty home", async () => {
    const left = ["blobs/uploads", "blobs/temporary", "scratch"].map((folder) =>
      readdir(join(world.folder, folder)),
    );
    return (await Promise.all(left)).flat().length === 0;
  });
}

async function honestArchive(): Promise<Buffer> {
  return makeZip([{ name: "train/good/0.png", data: await drawPart({ seed: 1 }) }]);
}

/** All of them are imported by `import-hostile.db.test.ts`; a process for each takes its time. */
const EVERY_NTH = 6;

test("one worker lives through hostile archives, and ends each with a sentence", async () => {
  const worker = startWorker();
  const started: [string, ImportId][] = [];
  for (const [at, { name, bytes }] of (await hostileArchives(7)).entries()) {
    if (at % EVERY_NTH === 0) started.push([name, await startImport(bytes)]);
  }
  for (const [name, importId] of started) {
    const view = await untilEnded(importId);
    expect(["succeeded", "refused"], name).toContain(view.status);
    if (view.status === "refused") expect(view.error, name).toMatch(/ .*\.$/su);
  }
  const honest = await startImport(await honestArchive());
  expect(await untilEnded(honest)).toMatchObject({ status: "succeeded" });
  expect(await isAlive(worker)).toBe(true);
  await expectNothingLeft();
}, 600_000);

/** Processes that a worker has started for imports. */
async function childrenOf({ pid }: WorkerProcess): Promise<number[]> {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, "utf8")).trim();
  const found: number[] = [];
  for (const child of children.split(/\s+/u).filter((text) => text !== "")) {
    const commandLine = await readFile(`/proc/${child}/cmdline`, "utf8").catch(() => "");
    if (commandLine.includes("import-main")) found.push(Number(child));
  }
  return found;
}

test.skipIf(process.platform !== "linux")(
  "an import whose process is killed each time is given up, and the worker goes on",
  async () => {
    const worker = startWorker();
    const importId = await uploadZip(world, await honestArchive());
    const holder = await world.db.pool.connect();
    // Held at its first look at its row, it is surely there to be killed.
    await holder.query("begin");
    await holder.query("lock import in access exclusive mode");
    await enqueueImport(importId);
    for (let death = 1; death <= 3; death++) {
      const [child] = await waitUntil(`process ${death}`, async () => {
        await world.db.pool.query(
          "update graphile_worker._private_jobs set run_at = now() where locked_by is null",
        );
        const children = await childrenOf(worker);
        return children.length > 0 && children;
      });
      process.kill(child!, "SIGKILL");
      await waitUntil("its end", async () => !(await childrenOf(worker)).includes(child!));
    }
    await holder.query("rollback");
    holder.release();
    expect(await untilEnded(importId)).toMatchObject({
      status: "failed",
      error: expect.stringMatching(/again and again/u) as string,
    });
    const honest = await startImport(await honestArchive());
    expect(await untilEnded(honest)).toMatchObject({ status: "succeeded" });
    expect(await isAlive(worker)).toBe(true);
    await expectNothingLeft();
  },
  120_000,
);

const CLASS_FIELD = 41;
const hasChrt = spawnSync("chrt", ["--version"]).status === 0;

test.skipIf(!hasChrt)(
  "an import takes only what is left of the processor while its worker trains",
  async () => {
    const training = await aTrainingWorld(world.db, world.folder);
    world = { ...world, blobs: training.blobs, folder: training.home };
    const worker = startWorker();
    const [first, second] = [await startUpload(), await startUpload()];
    const holder = await world.db.pool.connect();
    // Held at its first look at its row, an import is surely there to be looked at.
    await holder.query("begin");
    await holder.query("lock import in access exclusive mode");
    await enqueueImport(first);
    const begun = await waitUntil("the first import", () => childBesides(worker, []));
    await startRun(training, { steps: 1_000_000 });
    await waitUntil("it to stand back", () => isStandingBack(begun));
    await enqueueImport(second);
    const later = await waitUntil("the second import", () => childBesides(worker, [begun]));
    await waitUntil("it to stand back, too", () => isStandingBack(later));
    await holder.query("rollback");
    holder.release();
    for (const id of [first, second]) {
      expect(await untilEnded(id)).toMatchObject({ status: "succeeded" });
    }
  },
  120_000,
);

async function startUpload(): Promise<ImportId> {
  return uploadZip(world, await honestArchive());
}

async function childBesides(worker: WorkerProcess, known: number[]): Promise<number | null> {
  return (await childrenOf(worker)).find((child) => !known.includes(child)) ?? null;
}

/** Whether all threads of a process are of Linux's idle class, which is number 5. */
async function isStandingBack(pid: number): Promise<boolean> {
  const threads = await readdir(`/proc/${pid}/task`);
  const stats = threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/stat`, "utf8"));
  // The name in brackets may hold spaces; after it come the fields from the third on.
  const classOf = (stat: string) =>
    stat.slice(stat.lastIndexOf(")") + 2).split(" ")[CLASS_FIELD - 3];
  return (await Promise.all(stats)).every((stat) => classOf(stat) === "5");
}
