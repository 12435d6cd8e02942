import { randomUUID } from "node:crypto";

import pg from "pg";
import { expect, inject, test } from "vitest";

import { administer, databaseUrl } from "../testing/test-server.ts";
import { readMigrations } from "./read-migrations.ts";

const KEPT_COUNTS = "0006_kept_counts";

test("a database from before learns its counts, masks and the categories of its versions", async () => {
  const url = databaseUrl(inject("templateUrl"), "loupe_from_before");
  await administer(url, (client) => client.query("create database loupe_from_before"));
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { migrationDirectories } = await readMigrations();
  const apply = async (isWanted: (name: string) => boolean) => {
    for (const { path, migrationFile } of migrationDirectories) {
      if (isWanted(path) && migrationFile.content.tag === "ok") {
        await client.query(migrationFile.content.value);
      }
    }
  };
  await apply((name) => name < KEPT_COUNTS);
  await fill(client);
  await apply((name) => name === KEPT_COUNTS);

  const { rows: images } = await client.query(
    `select "images", "trainGood", "testDefective", "unassigned", "masked" from "image_count"`,
  );
  expect(images).toEqual([{ images: 3, trainGood: 1, testDefective: 1, unassigned: 1, masked: 1 }]);
  const { rows: cases } = await client.query(
    `select "category", "open", "inReview", "decided" from "case_count"`,
  );
  expect(cases).toEqual([{ category: "part", open: 1, inReview: 0, decided: 0 }]);
  const { rows: versions } = await client.query(`select "categories" from "dataset_version"`);
  expect(versions).toEqual([{ categories: ["part"] }]);
  await expect(client.query(`update "dataset_version" set "name" = 'x'`)).rejects.toThrow(
    /never changed/u,
  );
  await client.end();
  await administer(url, (admin) => admin.query("drop database loupe_from_before"));
});

/** A project as the version before knew it: three images, one with a mask, a version and an open case. */
async function fill(client: pg.Client): Promise<void> {
  const [project, category, version, run, model] = Array.from({ length: 5 }, () => randomUUID());
  const [train, test, loose] = Array.from({ length: 3 }, () => randomUUID());
  const hash = "a".repeat(64);
  const prediction = randomUUID();
  await client.query(`
    insert into "organization" ("id", "name", "slug") values ('o', 'O', 'o');
    insert into "user" ("id", "name", "email", "updatedAt") values ('u', 'U', 'u@example.com', now());
    insert into "project" ("id", "organizationId", "name", "createdById") values ('${project}', 'o', 'P', 'u');
    insert into "category" ("id", "projectId", "name") values ('${category}', '${project}', 'part');
    insert into "image" ("id", "organizationId", "projectId", "categoryId", "sha256", "fileName", "sourcePath",
        "sizeBytes", "width", "height", "label", "split")
      select id, 'o', '${project}', '${category}', repeat(n, 64), n, n, 1, 1, 1, label::"ImageLabel", split::"Split"
      from (values ('${train}'::uuid, 'b', 'good', 'train'), ('${test}', 'c', 'defective', 'test'),
        ('${loose}', 'd', 'unknown', null)) as i(id, n, label, split);
    insert into "mask" ("id", "imageId", "revision", "sha256") values ('${randomUUID()}', '${test}', 1, '${hash}');
    insert into "dataset_version" ("id", "projectId", "number", "name", "manifestHash", "trainImages", "testImages",
        "defectiveImages", "createdById") values ('${version}', '${project}', 1, 'V', '${hash}', 1, 1, 1, 'u');
    insert into "dataset_item" ("datasetVersionId", "imageId", "split", "label", "category")
      values ('${version}', '${train}', 'train', 'good', 'part');
    insert into "training_run" ("id", "projectId", "number", "datasetVersionId", "method", "encoder", "steps", "batch",
        "seed", "provider", "settings", "idempotencyKey", "createdById")
      values ('${run}', '${project}', 1, '${version}', 'rd', 'loupe', 1, 1, 1, 'cpu', '{}', '${randomUUID()}', 'u');
    insert into "model_version" ("id", "projectId", "number", "runId", "method", "encoder", "sha256", "sizeBytes",
        "scaleMin", "scaleMax", "goodImages", "goodMean", "goodDeviation", "provider", "trainSeconds")
      values ('${model}', '${project}', 1, '${run}', 'rd', 'loupe', '${hash}', 1, 0, 1, 1, 0, 1, 'cpu', 1);
    insert into "prediction" ("id", "modelVersionId", "imageId", "score", "mapKey")
      values ('${prediction}', '${model}', '${test}', 1, '${hash}');
    insert into "case" ("id", "projectId", "imageId", "predictionId", "category", "score", "standardScore")
      values ('${randomUUID()}', '${project}', '${test}', '${prediction}', 'part', 1, 1);`);
}
