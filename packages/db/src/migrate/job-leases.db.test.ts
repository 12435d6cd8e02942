import { randomUUID } from "node:crypto";

import pg from "pg";
import { expect, inject, test } from "vitest";

import { administer, databaseUrl } from "../testing/test-server.ts";
import { readMigrations } from "./read-migrations.ts";

const NAME = "0011_job_leases";
const DATABASE = "loupe_before_0011";

test("half-finished work stays: what was being scored begins anew, what has ended is done, and jobs are flagged", async () => {
  const url = databaseUrl(inject("templateUrl"), DATABASE);
  await administer(url, (client) => client.query(`create database ${DATABASE}`));
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { migrationDirectories } = await readMigrations();
    const scripts = migrationDirectories.map(({ path, migrationFile: { content } }) => ({
      path,
      sql: content.tag === "ok" ? content.value : "",
    }));
    for (const { path, sql } of scripts) if (path < NAME) await client.query(sql);
    const ids = await fill(client);
    for (const { path, sql } of scripts) if (path === NAME) await client.query(sql);

    const inspections = await client.query(
      `select i."status"::text, i."imagesDone", x."isDone", x."leaseId" from "inspection" i
       join "inspection_image" x on x."inspectionId" = i."id" order by i."number"`,
    );
    expect(inspections.rows).toEqual([
      { status: "succeeded", imagesDone: 1, isDone: true, leaseId: null },
      { status: "scoring", imagesDone: 0, isDone: false, leaseId: null },
    ]);
    const imports = await client.query(`select "id", "status"::text, "filesDone" from "import"`);
    expect(imports.rows).toEqual([{ id: ids.import, status: "running", filesDone: 7 }]);
    const runs = await client.query(
      `select "status"::text, "step", "leaseWorker", "leaseToken" from "training_run" order by "number"`,
    );
    expect(runs.rows[1]).toEqual({
      status: "training",
      step: 40,
      leaseWorker: "old",
      leaseToken: 2,
    });
    const jobs = await client.query(
      `select task.identifier as name, job.flags from graphile_worker._private_jobs job
       join graphile_worker._private_tasks task on task.id = job.task_id order by job.id`,
    );
    expect(jobs.rows).toEqual([
      { name: "inspection.score", flags: { "organisation:o": true, "alone:scoring": true } },
      { name: "model.rescore", flags: { "alone:scoring": true } },
      { name: "dataset.import", flags: null },
    ]);
  } finally {
    await client.end();
    await administer(url, (admin) => admin.query(`drop database ${DATABASE} with (force)`));
  }
});

/** One import, inspection and training under way each, an inspection that has ended, and their jobs. */
async function fill(client: pg.Client): Promise<{ import: string }> {
  const run = (sql: string, values: unknown[] = []) => client.query(sql, values);
  const [project, category, dataset, image] = Array.from({ length: 4 }, () => randomUUID());
  await run(
    `insert into "user" ("id", "name", "email", "updatedAt") values ('u', 'Ann', 'a@b.org', now())`,
  );
  await run(`insert into "organization" ("id", "name", "slug") values ('o', 'O', 'o')`);
  await run(
    `insert into "project" ("id", "organizationId", "name", "createdById") values ($1, 'o', 'P', 'u')`,
    [project],
  );
  await run(`insert into "category" ("id", "projectId", "name") values ($1, $2, 'part')`, [
    category,
    project,
  ]);
  await run(
    `insert into "image" ("id", "organizationId", "projectId", "categoryId", "sha256", "fileName",
       "sourcePath", "sizeBytes", "width", "height", "label", "origin")
     values ($1, 'o', $2, $3, repeat('a', 64), 'f', 'f', 1, 1, 1, 'unknown', 'inspection')`,
    [image, project, category],
  );
  await run(
    `insert into "dataset_version" ("id", "projectId", "number", "name", "manifestHash", "trainImages",
       "testImages", "defectiveImages", "createdById") values ($1, $2, 1, 'v', 'h', 1, 1, 0, 'u')`,
    [dataset, project],
  );
  const runs = [randomUUID(), randomUUID()];
  for (const [at, id] of runs.entries()) {
    await run(
      `insert into "training_run" ("id", "projectId", "number", "datasetVersionId", "method", "encoder",
         "steps", "batch", "seed", "provider", "settings", "idempotencyKey", "createdById", "status",
         "step", "leaseWorker", "leaseToken", "heartbeatAt")
       values ($1, $2, $3, $4, 'rd', 'e', 90, 1, 1, 'cpu', '{}', $5, 'u', $6::"RunStatus", 40, 'old',
         2, now())`,
      [id, project, at + 1, dataset, randomUUID(), at === 0 ? "succeeded" : "training"],
    );
  }
  const model = randomUUID();
  await run(
    `insert into "model_version" ("id", "projectId", "number", "runId", "method", "encoder", "sha256",
       "sizeBytes", "scaleMin", "scaleMax", "goodImages", "goodMean", "goodDeviation", "provider",
       "trainSeconds") values ($1, $2, 1, $3, 'rd', 'e', 'x', 1, 0, 1, 1, 0, 1, 'cpu', 1)`,
    [model, project, runs[0]],
  );
  for (const [at, status] of ["succeeded", "scoring"].entries()) {
    const id = randomUUID();
    await run(
      `insert into "inspection" ("id", "projectId", "number", "name", "modelVersionId", "createdById",
         "status", "imagesDone") values ($1, $2, $3, 'i', $4, 'u', $5::"InspectionStatus", 1)`,
      [id, project, at + 1, model, status],
    );
    await run(`insert into "inspection_image" ("inspectionId", "imageId") values ($1, $2)`, [
      id,
      image,
    ]);
  }
  const importId = randomUUID();
  await run(
    `insert into "import" ("id", "projectId", "createdById", "fileName", "sizeBytes", "uploadKey",
       "status", "filesDone") values ($1, $2, 'u', 'f.zip', 1, 'k', 'running', 7)`,
    [importId, project],
  );
  // As far as the migration knows the queue's tables, which the queue makes itself.
  await run(`create schema graphile_worker`);
  await run(`create table graphile_worker._private_tasks (id int primary key, identifier text)`);
  await run(
    `create table graphile_worker._private_jobs (id int primary key, task_id int, flags jsonb)`,
  );
  await run(`insert into graphile_worker._private_tasks values
    (1, 'inspection.score'), (2, 'model.rescore'), (3, 'dataset.import')`);
  await run(`insert into graphile_worker._private_jobs values
    (1, 1, '{"organisation:o": true}'), (2, 2, null), (3, 3, null)`);
  return { import: importId };
}
