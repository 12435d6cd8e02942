import { testDatabase } from "@loupe/db/testing";
import { createRandom } from "@loupe/model/random";
import { enqueue } from "@loupe/platform";
import { afterEach, expect, onTestFailed, test } from "vitest";

import { drawPart } from "../testing/draw-part.ts";
import { anImportWorld, uploadZip, type ImportWorld } from "../testing/import-world.ts";
import { makeZip } from "../testing/make-zip.ts";
import { scratchFolder } from "../testing/scratch-folder.ts";
import { waitUntil } from "../testing/wait-until.ts";
import { WorkerProcess } from "../testing/worker-process.ts";

const database = testDatabase();
const scratch = scratchFolder();
const IMAGES = 120;
afterEach(async () => {
  await WorkerProcess.killAll();
});

function startWorker(world: ImportWorld): WorkerProcess {
  const worker = new WorkerProcess({ url: database.url, home: world.folder });
  onTestFailed(async () => void process.stderr.write(await worker.log()));
  return worker;
}

test("an import whose worker is killed at random points ends once, with each picture once", async () => {
  const { db } = database;
  const world = await anImportWorld(db, scratch.path);
  const files = [];
  for (let seed = 0; seed < IMAGES; seed++) {
    files.push({ name: `train/good/${seed}.png`, data: await drawPart({ seed }) });
  }
  const importId = await uploadZip(world, makeZip(files));
  const count = async (table: "image" | "import_file") => {
    const { rows } = await db.pool.query<{ n: number }>(
      `select count(*)::int as n from ${table} where "importId" = $1`,
      [importId],
    );
    return rows[0]!.n;
  };
  const hasEnded = async () => ((await db.imports.find(importId))?.finishedAt ?? null) !== null;

  const random = createRandom(11);
  const { organisationId, projectId } = world;
  const job = { name: "dataset.import", organisationId, resource: projectId } as const;
  await enqueue(db.pool, job, { importId });
  // Two at once: whichever has the import is among those that are killed.
  const workers = [startWorker(world), startWorker(world)];
  let killedAt = 0;
  for (let kill = 0; kill < 3; kill++) {
    killedAt += 1 + random.integer(24);
    await waitUntil(`${killedAt} images`, async () => {
      return (await count("image")) >= killedAt || (await hasEnded());
    });
    await workers.shift()!.kill("SIGKILL");
    workers.push(startWorker(world));
  }
  await waitUntil("the end", hasEnded);
  expect(await db.imports.find(importId)).toMatchObject({
    status: "succeeded",
    filesDone: IMAGES,
    outcomes: { accepted: IMAGES },
  });
  expect([await count("image"), await count("import_file")]).toEqual([IMAGES, IMAGES]);
  const events = await db.events.listAfter(projectId, 0, 10_000);
  const ends = events.filter(
    ({ body }) => body.type === "import.status" && body.status === "succeeded",
  );
  expect(ends).toHaveLength(1);
}, 240_000);
