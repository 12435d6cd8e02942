/**
 * @file What large projects cost the database: `npx tsx bench/database/main.ts --images 500000 --cases 300000`.
 *
 * Starts a database of its own, fills one project, and prints one JSON object: milliseconds of the
 * counts that pages ask for, of a verdict, and of freezing a version, and the memory that freezing takes.
 */
import { randomUUID } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { migrate, openDatabase } from "@loupe/db";
import { startEmbeddedPostgres } from "@loupe/db/embedded-postgres";
import { aModel, aWorld } from "@loupe/db/testing";

import { describeMachine } from "../machine.ts";
import { median } from "../median.ts";

const REPEATS = 9;

const { values } = parseArgs({
  options: {
    images: { type: "string", default: "500000" },
    cases: { type: "string", default: "300000" },
  },
});
const images = Number(values.images);
const cases = Number(values.cases);

const folder = await mkdtemp(join(tmpdir(), "loupe-bench-database-"));
// As root the server is someone else, and mkdtemp closes the folder to others.
await chmod(folder, 0o711);
const server = await startEmbeddedPostgres({ dataDir: join(folder, "postgres"), isDurable: false });
try {
  await migrate(server.url);
  const db = await openDatabase(server.url);
  const world = await aWorld(db);
  const { projectId, organisationId, engineer: createdById, reviewer: authorId } = world;
  const model = await aModel(db, world);

  await timed(() =>
    db.pool.query(
      `insert into "image" ("id", "organizationId", "projectId", "categoryId", "sha256", "fileName", "sourcePath",
         "sizeBytes", "width", "height", "label", "split")
       select gen_random_uuid(), $2, $1, c."id", encode(sha256(n::text::bytea), 'hex'), n || '.png', n || '.png',
         1, 1, 1, 'good', case when n % 5 = 0 then 'test' else 'train' end::"Split"
       from "category" c, generate_series(1, $3::int) n where c."projectId" = $1`,
      [projectId, organisationId, images],
    ),
  );
  await db.pool.query(
    `with scored as (
       insert into "prediction" ("id", "modelVersionId", "imageId", "score", "mapKey")
       select gen_random_uuid(), $2, "id", random(), 'none' from "image"
       where "projectId" = $1 and "id" not in (select "imageId" from "dataset_item") limit $3
       returning "id", "imageId", "score")
     insert into "case" ("id", "projectId", "imageId", "predictionId", "category", "score", "standardScore")
     select gen_random_uuid(), $1, "imageId", "id", 'part', "score", "score" from scored`,
    [projectId, model.id, cases],
  );
  await db.pool.query("analyze");

  const list = () => db.cases.list({ projectId, state: "undecided", limit: 200 });
  const { rows } = await list();
  const verdicts: number[] = [];
  for (const { id: caseId, version: seenVersion } of rows.slice(0, REPEATS)) {
    verdicts.push(
      await timed(() =>
        db.transaction(async (tx) => {
          const { row } = await tx.cases.giveVerdict({
            projectId,
            caseId,
            seenVersion,
            authorId,
            value: "good",
            defectType: null,
            note: "",
            idempotencyKey: randomUUID(),
          });
          await tx.cases.countScopes(projectId, [row]);
        }),
      ),
    );
  }
  const result = {
    bench: "database",
    images,
    cases,
    imageCountsMs: await medianOf(() => db.images.countByCategory(projectId)),
    caseCountsMs: await medianOf(() => db.cases.list({ projectId, state: "all", limit: 1 })),
    queuePageMs: await medianOf(list),
    projectsMs: await medianOf(() => db.projects.list(organisationId)),
    verdictMs: median(verdicts),
    freeze: await measureFreeze(),
    machine: describeMachine(),
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
  await db.close();

  async function measureFreeze() {
    const before = process.memoryUsage().rss;
    let peak = before;
    const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 20);
    const startedAt = performance.now();
    const snapshot = await db.datasets.takeSnapshot(randomUUID(), projectId);
    const manifestHash = await db.datasets.hashSnapshot(snapshot, () => undefined);
    await db.datasets.concludeFreeze({ snapshot, manifestHash, createdById });
    clearInterval(watch);
    return {
      images: snapshot.images,
      seconds: (performance.now() - startedAt) / 1000,
      addedMemoryMiB: (peak - before) / 1024 ** 2,
    };
  }
} finally {
  await server.stop();
  await rm(server.dataDir, { recursive: true, force: true });
  await rm(folder, { recursive: true, force: true });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

async function medianOf(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < REPEATS; i++) times.push(await timed(work));
  return median(times);
}
