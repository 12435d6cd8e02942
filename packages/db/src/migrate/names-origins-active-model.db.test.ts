import { randomUUID } from "node:crypto";

import pg from "pg";
import { expect, inject, test } from "vitest";

import { administer, databaseUrl } from "../testing/test-server.ts";
import { readMigrations } from "./read-migrations.ts";

/** Pictures are sorted by the one before. */
const FIRST = "0006_kept_counts";
const NAME = "0007_names_origins_active_model";

type Rows = Record<string, unknown>[];
type Old = { readonly run: (sql: string, values?: unknown[]) => Promise<Rows> };

/** A database as it was before the migration, filled, and what the migration makes of it. */
async function migrateFilled(
  fill: (old: Old) => Promise<void>,
  check: (now: Old) => Promise<void>,
) {
  const url = databaseUrl(inject("templateUrl"), "loupe_before_0007");
  await administer(url, (client) => client.query("create database loupe_before_0007"));
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const run: Old["run"] = async (sql, values) => (await client.query<Rows[0]>(sql, values)).rows;
    const { migrationDirectories } = await readMigrations();
    const scripts = migrationDirectories.map(({ path, migrationFile: { content } }) => ({
      path,
      sql: content.tag === "ok" ? content.value : "",
    }));
    for (const { path, sql } of scripts) if (path < FIRST) await client.query(sql);
    await fill({ run });
    for (const { path, sql } of scripts) {
      if (path >= FIRST && path <= NAME) await client.query(sql);
    }
    await check({ run });
  } finally {
    await client.end();
    await administer(url, (admin) => admin.query("drop database loupe_before_0007 with (force)"));
  }
}

const hash = (digit: string) => digit.repeat(64);

test("a filled database keeps all rows: names are cut, verdicts signed, pictures sorted, a version active", async () => {
  const project = randomUUID();
  const category = randomUUID();
  const site = randomUUID();
  const [dataset, run1, run2, model1, model2] = Array.from({ length: 5 }, () => randomUUID());
  const images = { data: randomUUID(), inspected: randomUUID(), both: randomUUID() };
  const predictions = { data: randomUUID(), inspected: randomUUID() };
  const cases = { data: randomUUID(), inspected: randomUUID() };
  const inspection = randomUUID();

  await migrateFilled(
    async ({ run }) => {
      await run(`insert into "user" ("id", "name", "email", "updatedAt") values
        ('long', repeat('🙂', 300), 'a@example.org', now()),
        ('hidden', E'Ann\\u202e\\u200b', 'b@example.org', now()),
        ('empty', E'\\u200b', 'c@example.org', now())`);
      await run(
        `insert into "organization" ("id", "name", "slug") values ('o', repeat('x', 4000), 'o')`,
      );
      await run(`insert into "site" ("id", "organizationId", "name") values ($1, 'o', 'North')`, [
        site,
      ]);
      await run(
        `insert into "member" ("id", "organizationId", "userId", "role", "siteId")
         values ('m', 'o', 'hidden', 'reviewer', $1)`,
        [site],
      );
      await run(
        `insert into "project" ("id", "organizationId", "name", "createdById") values ($1, 'o', 'P', 'hidden')`,
        [project],
      );
      await run(`insert into "category" ("id", "projectId", "name") values ($1, $2, 'part')`, [
        category,
        project,
      ]);
      const image = (id: string, sha256: string, split: string | null) =>
        run(
          `insert into "image" ("id", "organizationId", "projectId", "categoryId", "sha256", "fileName",
             "sourcePath", "sizeBytes", "width", "height", "label", "split")
           values ($1, 'o', $2, $3, $4, 'f', 'f', 1, 1, 1, 'unknown', $5::"Split")`,
          [id, project, category, sha256, split],
        );
      await image(images.data, hash("a"), "test");
      await image(images.inspected, hash("b"), null);
      await image(images.both, hash("c"), "train");
      await run(
        `insert into "dataset_version" ("id", "projectId", "number", "name", "manifestHash", "trainImages",
           "testImages", "defectiveImages", "createdById") values ($1, $2, 1, 'v', 'h', 1, 1, 0, 'hidden')`,
        [dataset, project],
      );
      for (const [id, model, number] of [
        [run1, model1, 1],
        [run2, model2, 2],
      ]) {
        await run(
          `insert into "training_run" ("id", "projectId", "number", "datasetVersionId", "method", "encoder",
             "steps", "batch", "seed", "provider", "settings", "idempotencyKey", "createdById")
           values ($1, $2, $3, $4, 'rd', 'e', 1, 1, 1, 'cpu', '{}', $5, 'hidden')`,
          [id, project, number, dataset, randomUUID()],
        );
        await run(
          `insert into "model_version" ("id", "projectId", "number", "runId", "method", "encoder", "sha256",
             "sizeBytes", "scaleMin", "scaleMax", "goodImages", "goodMean", "goodDeviation", "provider",
             "trainSeconds") values ($1, $2, $3, $4, 'rd', 'e', 'x', 1, 0, 1, 1, 0, 1, 'cpu', 1)`,
          [model, project, number, id],
        );
      }
      await run(
        `insert into "inspection" ("id", "projectId", "number", "name", "modelVersionId", "createdById")
         values ($1, $2, 1, 'i', $3, 'hidden')`,
        [inspection, project, model1],
      );
      for (const id of [images.inspected, images.both]) {
        await run(`insert into "inspection_image" ("inspectionId", "imageId") values ($1, $2)`, [
          inspection,
          id,
        ]);
      }
      for (const key of ["data", "inspected"] as const) {
        const model = key === "data" ? model2 : model1;
        await run(
          `insert into "prediction" ("id", "modelVersionId", "imageId", "score", "mapKey")
           values ($1, $2, $3, 1, 'k')`,
          [predictions[key], model, images[key]],
        );
        await run(
          `insert into "case" ("id", "projectId", "imageId", "predictionId", "category", "score",
             "standardScore", "state") values ($1, $2, $3, $4, 'part', 1, 1, $5::"CaseState")`,
          [cases[key], project, images[key], predictions[key], key === "data" ? "open" : "decided"],
        );
      }
      for (const [author, seen] of [
        ["hidden", 0],
        ["long", 1],
      ]) {
        await run(
          `insert into "verdict" ("id", "caseId", "authorId", "value", "note", "seenVersion", "predictionId",
             "idempotencyKey") values ($1, $2, $3, 'good', repeat('n', 3000), $4, $5, $6)`,
          [randomUUID(), cases.inspected, author, seen, predictions.inspected, randomUUID()],
        );
      }
    },
    async ({ run }) => {
      expect(await run(`select "id", "name" from "user" order by "id"`)).toEqual([
        { id: "empty", name: "Unnamed" },
        { id: "hidden", name: "Ann" },
        { id: "long", name: "🙂".repeat(80) },
      ]);
      expect(await run(`select char_length("name") as n from "organization"`)).toEqual([{ n: 80 }]);
      expect(
        await run(
          `select "authorName", "siteName", "siteId", char_length("note") as n from "verdict" order by "seenVersion"`,
        ),
      ).toEqual([
        { authorName: "Ann", siteName: "North", siteId: site, n: 2000 },
        { authorName: "🙂".repeat(80), siteName: null, siteId: null, n: 2000 },
      ]);
      await expect(run(`update "verdict" set "note" = 'other'`)).rejects.toThrow(/never changed/);
      expect(await run(`select "sha256", "origin"::text from "image" order by "sha256"`)).toEqual([
        { sha256: hash("a"), origin: "dataset" },
        { sha256: hash("b"), origin: "inspection" },
        { sha256: hash("c"), origin: "dataset" },
      ]);
      expect(await run(`select "activeModelVersionId" as id from "project"`)).toEqual([
        { id: model2 },
      ]);
      expect(
        await run(`select "state"::text, "modelRank" from "case" order by "modelRank"`),
      ).toEqual([
        { state: "decided", modelRank: 1 },
        { state: "open", modelRank: 2_147_483_647 },
      ]);
    },
  );
});
