import { randomUUID } from "node:crypto";

import type { RunSql } from "./migrate-filled.ts";

const hash = (digit: string) => digit.repeat(64);

export type OldProject = ReturnType<typeof anOldProject>;

/** One of everything that people make, as it was written before `0012`. Ann works at North, Bob at no site. */
export function anOldProject() {
  const ids = {
    project: randomUUID(),
    site: randomUUID(),
    category: randomUUID(),
    import: randomUUID(),
    datasetVersion: randomUUID(),
    run: randomUUID(),
    model: randomUUID(),
    evaluation: randomUUID(),
    imported: randomUUID(),
    inspectedByAnn: randomUUID(),
    inspectedByBob: randomUUID(),
    inspectionOfAnn: randomUUID(),
    inspectionOfBob: randomUUID(),
    prediction: randomUUID(),
    case: randomUUID(),
    verdict: randomUUID(),
  };
  return {
    ...ids,
    fill: async (run: RunSql): Promise<void> => {
      await fillPeople(run, ids);
      await fillData(run, ids);
      await fillModel(run, ids);
      await fillReview(run, ids);
    },
  };
}

type Ids = Omit<OldProject, "fill">;

async function fillPeople(run: RunSql, { project, site }: Ids): Promise<void> {
  await run(`insert into "user" ("id", "name", "email", "updatedAt") values
    ('ann', 'Ann', 'a@example.org', now()), ('bob', 'Bob', 'b@example.org', now())`);
  await run(
    `insert into "organization" ("id", "name", "slug") values ('o', 'O', 'o'), ('p', 'P', 'p')`,
  );
  await run(`insert into "site" ("id", "organizationId", "name") values ($1, 'o', 'North')`, [
    site,
  ]);
  await run(
    `insert into "member" ("id", "organizationId", "userId", "role", "siteId") values
      ('m', 'o', 'ann', 'engineer', $1), ('n', 'o', 'bob', 'reviewer', null), ('q', 'p', 'bob', 'owner', null)`,
    [site],
  );
  await run(
    `insert into "project" ("id", "organizationId", "name", "createdById", "eventSequence")
     values ($1, 'o', 'P', 'ann', 3)`,
    [project],
  );
  await run(
    `insert into "event" ("projectId", "sequence", "type", "body", "actorId") values
      ($1, 1, 'run.created', '{}', 'ann'), ($1, 2, 'run.progress', '{}', null),
      ($1, 3, 'run.created', '{}', 'somebody who is gone')`,
    [project],
  );
}

async function fillData(run: RunSql, ids: Ids): Promise<void> {
  await run(`insert into "category" ("id", "projectId", "name") values ($1, $2, 'part')`, [
    ids.category,
    ids.project,
  ]);
  await run(
    `insert into "import" ("id", "projectId", "createdById", "fileName", "sizeBytes")
     values ($1, $2, 'ann', 'a.zip', 1)`,
    [ids.import, ids.project],
  );
  for (const [id, digit, fileName, origin] of [
    [ids.imported, "a", "imported", "dataset"],
    [ids.inspectedByAnn, "b", "inspected by Ann", "inspection"],
    [ids.inspectedByBob, "c", "inspected by Bob", "inspection"],
  ] as const) {
    await run(
      `insert into "image" ("id", "organizationId", "projectId", "categoryId", "sha256", "fileName", "sourcePath",
         "sizeBytes", "width", "height", "label", "split", "origin", "importId")
       values ($1, 'o', $2, $3, $4, $5, 'f', 1, 1, 1, 'unknown', $6::"Split", $7::"ImageOrigin", $8)`,
      [
        id,
        ids.project,
        ids.category,
        hash(digit),
        fileName,
        origin === "dataset" ? "test" : null,
        origin,
        origin === "dataset" ? ids.import : null,
      ],
    );
  }
  await run(
    `insert into "dataset_version" ("id", "projectId", "number", "name", "manifestHash", "trainImages",
       "testImages", "defectiveImages", "createdById") values ($1, $2, 1, 'v', 'h', 0, 1, 0, 'ann')`,
    [ids.datasetVersion, ids.project],
  );
  await run(
    `insert into "dataset_freeze" ("id", "projectId", "createdById") values ($1, $2, 'bob')`,
    [randomUUID(), ids.project],
  );
  await run(
    `insert into "encoder_pull" ("id", "projectId", "encoder", "requestedById") values ($1, $2, 'e', 'ann')`,
    [randomUUID(), ids.project],
  );
}

async function fillModel(run: RunSql, ids: Ids): Promise<void> {
  await run(
    `insert into "training_run" ("id", "projectId", "number", "datasetVersionId", "method", "encoder", "steps",
       "batch", "seed", "provider", "settings", "idempotencyKey", "createdById")
     values ($1, $2, 1, $3, 'rd', 'e', 1, 1, 1, 'cpu', '{}', $4, 'ann')`,
    [ids.run, ids.project, ids.datasetVersion, randomUUID()],
  );
  await run(
    `insert into "model_version" ("id", "projectId", "number", "runId", "method", "encoder", "sha256",
       "sizeBytes", "scaleMin", "scaleMax", "goodImages", "goodMean", "goodDeviation", "provider", "trainSeconds")
     values ($1, $2, 1, $3, 'rd', 'e', 'x', 1, 0, 1, 1, 0, 1, 'cpu', 1)`,
    [ids.model, ids.project, ids.run],
  );
  await run(
    `insert into "evaluation" ("id", "modelVersionId", "datasetVersionId", "meanImageAuroc", "meanPixelAuroc",
       "secondsPerImage") values ($1, $2, $3, 0.1::float8 + 0.2::float8, null, 1e-300)`,
    [ids.evaluation, ids.model, ids.datasetVersion],
  );
  await run(
    `insert into "evaluation_category" ("evaluationId", "category", "imageAuroc", "pixelAuroc", "images",
       "defectiveImages") values ($1, 'lid', null, null, 4, 0), ($1, 'part', 1 / 3::float8, 0.7, 9, 2)`,
    [ids.evaluation],
  );
}

async function fillReview(run: RunSql, ids: Ids): Promise<void> {
  for (const [inspection, number, author, image] of [
    [ids.inspectionOfAnn, 1, "ann", ids.inspectedByAnn],
    [ids.inspectionOfBob, 2, "bob", ids.inspectedByBob],
  ]) {
    await run(
      `insert into "inspection" ("id", "projectId", "number", "name", "modelVersionId", "createdById")
       values ($1, $2, $3, 'i', $4, $5)`,
      [inspection, ids.project, number, ids.model, author],
    );
    await run(`insert into "inspection_image" ("inspectionId", "imageId") values ($1, $2)`, [
      inspection,
      image,
    ]);
  }
  // Inspected a second time by somebody without a site: it came from where it was first.
  await run(`insert into "inspection_image" ("inspectionId", "imageId") values ($1, $2)`, [
    ids.inspectionOfBob,
    ids.inspectedByAnn,
  ]);
  await run(
    `insert into "prediction" ("id", "modelVersionId", "imageId", "score", "mapKey") values ($1, $2, $3, 1, 'k')`,
    [ids.prediction, ids.model, ids.inspectedByAnn],
  );
  await run(
    `insert into "case" ("id", "projectId", "imageId", "predictionId", "category", "score", "standardScore")
     values ($1, $2, $3, $4, 'part', 1, 1)`,
    [ids.case, ids.project, ids.inspectedByAnn, ids.prediction],
  );
  await run(
    `insert into "verdict" ("id", "caseId", "authorId", "authorName", "siteName", "siteId", "value", "seenVersion",
       "predictionId", "idempotencyKey") values ($1, $2, 'ann', 'Ann', 'North', $3, 'good', 0, $4, $5)`,
    [ids.verdict, ids.case, ids.site, ids.prediction, randomUUID()],
  );
}
