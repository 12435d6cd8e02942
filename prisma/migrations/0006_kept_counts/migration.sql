-- What was inspected is apart from the data, counts that pages show are kept instead of counted, versions are frozen by
-- a job, imports and inspections can be cancelled.

-- AlterEnum
ALTER TYPE "ImportStatus" ADD VALUE 'cancelling';
ALTER TYPE "ImportStatus" ADD VALUE 'cancelled';
ALTER TYPE "InspectionStatus" ADD VALUE 'cancelled';

-- CreateEnum
CREATE TYPE "FreezeStatus" AS ENUM ('queued', 'freezing', 'succeeded', 'failed');

-- CreateEnum
CREATE TYPE "ImageOrigin" AS ENUM ('dataset', 'inspection');

-- AlterTable
ALTER TABLE "image" ADD COLUMN     "isMasked" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "origin" "ImageOrigin" NOT NULL DEFAULT 'dataset';

-- AlterTable
ALTER TABLE "dataset_version" ADD COLUMN     "categories" TEXT[];

-- CreateTable
CREATE TABLE "dataset_freeze" (
    "id" UUID NOT NULL,
    "projectId" UUID NOT NULL,
    "name" TEXT,
    "status" "FreezeStatus" NOT NULL DEFAULT 'queued',
    "imagesDone" INTEGER NOT NULL DEFAULT 0,
    "imagesTotal" INTEGER,
    "datasetVersionId" UUID,
    "isNew" BOOLEAN,
    "error" TEXT,
    "createdById" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finishedAt" TIMESTAMPTZ(3),

    CONSTRAINT "dataset_freeze_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dataset_snapshot_item" (
    "snapshotId" UUID NOT NULL,
    "sha256" TEXT NOT NULL,
    "imageId" UUID NOT NULL,
    "split" "Split" NOT NULL,
    "label" "ImageLabel" NOT NULL,
    "category" TEXT NOT NULL,
    "defectType" TEXT,
    "maskId" UUID,
    "maskSha256" TEXT,

    CONSTRAINT "dataset_snapshot_item_pkey" PRIMARY KEY ("snapshotId","sha256")
);

-- CreateTable
CREATE TABLE "image_count" (
    "id" BIGSERIAL NOT NULL,
    "projectId" UUID NOT NULL,
    "categoryId" UUID NOT NULL,
    "images" INTEGER NOT NULL,
    "trainGood" INTEGER NOT NULL,
    "testGood" INTEGER NOT NULL,
    "testDefective" INTEGER NOT NULL,
    "unassigned" INTEGER NOT NULL,
    "masked" INTEGER NOT NULL,

    CONSTRAINT "image_count_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "case_count" (
    "id" BIGSERIAL NOT NULL,
    "projectId" UUID NOT NULL,
    "category" TEXT NOT NULL,
    "inspectionId" UUID NOT NULL,
    "open" INTEGER NOT NULL,
    "inReview" INTEGER NOT NULL,
    "decided" INTEGER NOT NULL,

    CONSTRAINT "case_count_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "dataset_freeze_projectId_createdAt_idx" ON "dataset_freeze"("projectId", "createdAt");

-- CreateIndex
CREATE INDEX "dataset_freeze_datasetVersionId_idx" ON "dataset_freeze"("datasetVersionId");

-- CreateIndex
CREATE INDEX "image_count_projectId_categoryId_idx" ON "image_count"("projectId", "categoryId");

-- CreateIndex
CREATE INDEX "case_count_projectId_category_inspectionId_idx" ON "case_count"("projectId", "category", "inspectionId");

-- AddForeignKey
ALTER TABLE "dataset_freeze" ADD CONSTRAINT "dataset_freeze_projectId_fkey" FOREIGN KEY ("projectId") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_freeze" ADD CONSTRAINT "dataset_freeze_datasetVersionId_fkey" FOREIGN KEY ("datasetVersionId") REFERENCES "dataset_version"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_freeze" ADD CONSTRAINT "dataset_freeze_createdById_fkey" FOREIGN KEY ("createdById") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "image_count" ADD CONSTRAINT "image_count_projectId_fkey" FOREIGN KEY ("projectId") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "case_count" ADD CONSTRAINT "case_count_projectId_fkey" FOREIGN KEY ("projectId") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What is there already. The immutable versions learn a fact about their items that has always held.
ALTER TABLE "dataset_version" DISABLE TRIGGER "dataset_version_is_immutable";
UPDATE "dataset_version" v SET "categories" = ARRAY(
    SELECT DISTINCT d."category" FROM "dataset_item" d WHERE d."datasetVersionId" = v."id" ORDER BY 1
);
ALTER TABLE "dataset_version" ENABLE TRIGGER "dataset_version_is_immutable";

UPDATE "image" i SET "isMasked" = true WHERE EXISTS (SELECT FROM "mask" m WHERE m."imageId" = i."id");

UPDATE "image" i SET "origin" = 'inspection'
WHERE i."split" IS NULL AND i."importId" IS NULL
  AND EXISTS (SELECT FROM "inspection_image" x WHERE x."imageId" = i."id");

INSERT INTO "image_count" ("projectId", "categoryId", "images", "trainGood", "testGood", "testDefective", "unassigned", "masked")
SELECT i."projectId", i."categoryId", count(*),
    count(*) FILTER (WHERE i."split" = 'train' AND i."label" = 'good'),
    count(*) FILTER (WHERE i."split" = 'test' AND i."label" = 'good'),
    count(*) FILTER (WHERE i."split" = 'test' AND i."label" = 'defective'),
    count(*) FILTER (WHERE i."split" IS NULL),
    count(*) FILTER (WHERE i."isMasked")
FROM "image" i
WHERE i."origin" = 'dataset'
GROUP BY i."projectId", i."categoryId";

INSERT INTO "case_count" ("projectId", "category", "inspectionId", "open", "inReview", "decided")
SELECT c."projectId", c."category", coalesce(c."inspectionId", '00000000-0000-0000-0000-000000000000'),
    count(*) FILTER (WHERE c."state" = 'open'),
    count(*) FILTER (WHERE c."state" = 'in_review'),
    count(*) FILTER (WHERE c."state" = 'decided')
FROM "case" c
GROUP BY 1, 2, 3;

-- Counts are kept by statement: each statement folds what it changed into the rows of the same key that nobody else
-- holds, and leaves those that somebody holds alone. So nobody waits for a count, no two transactions can lock each
-- other out over one, and what counts is the sum over a key's rows. Alone on a key there is one row.
CREATE FUNCTION keep_case_counts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed CONSTANT text := CASE TG_OP
    WHEN 'INSERT' THEN 'SELECT 1 AS "sign", * FROM "added"'
    WHEN 'DELETE' THEN 'SELECT -1 AS "sign", * FROM "removed"'
    ELSE 'SELECT 1 AS "sign", * FROM "added" UNION ALL SELECT -1 AS "sign", * FROM "removed"' END;
BEGIN
  EXECUTE format($sql$
    WITH moved AS MATERIALIZED (
      SELECT "projectId", "category",
        coalesce("inspectionId", '00000000-0000-0000-0000-000000000000') AS "inspectionId",
        coalesce(sum("sign") FILTER (WHERE "state" = 'open'), 0) AS "open",
        coalesce(sum("sign") FILTER (WHERE "state" = 'in_review'), 0) AS "inReview",
        coalesce(sum("sign") FILTER (WHERE "state" = 'decided'), 0) AS "decided"
      FROM (%s) AS changed
      -- A project that is being removed takes its counts along.
      WHERE EXISTS (SELECT FROM "project" p WHERE p."id" = changed."projectId")
      GROUP BY 1, 2, 3
    ), told AS MATERIALIZED (
      SELECT * FROM moved WHERE ("open", "inReview", "decided") <> (0, 0, 0)
    ), free AS MATERIALIZED (
      SELECT c."id" FROM told t JOIN "case_count" c USING ("projectId", "category", "inspectionId")
      FOR UPDATE OF c SKIP LOCKED
    ), taken AS (
      DELETE FROM "case_count" c USING free WHERE c."id" = free."id"
      RETURNING c."projectId", c."category", c."inspectionId", c."open", c."inReview", c."decided"
    )
    INSERT INTO "case_count" ("projectId", "category", "inspectionId", "open", "inReview", "decided")
    SELECT "projectId", "category", "inspectionId", sum("open"), sum("inReview"), sum("decided")
    FROM (SELECT * FROM told UNION ALL SELECT * FROM taken) AS summed
    GROUP BY 1, 2, 3
    HAVING (sum("open"), sum("inReview"), sum("decided")) <> (0, 0, 0)
  $sql$, changed);
  RETURN NULL;
END
$$;

CREATE TRIGGER case_counts_on_insert AFTER INSERT ON "case" REFERENCING NEW TABLE AS "added"
  FOR EACH STATEMENT EXECUTE FUNCTION keep_case_counts();
CREATE TRIGGER case_counts_on_update AFTER UPDATE ON "case" REFERENCING NEW TABLE AS "added" OLD TABLE AS "removed"
  FOR EACH STATEMENT EXECUTE FUNCTION keep_case_counts();
CREATE TRIGGER case_counts_on_delete AFTER DELETE ON "case" REFERENCING OLD TABLE AS "removed"
  FOR EACH STATEMENT EXECUTE FUNCTION keep_case_counts();

CREATE FUNCTION keep_image_counts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed CONSTANT text := CASE TG_OP
    WHEN 'INSERT' THEN 'SELECT 1 AS "sign", * FROM "added"'
    WHEN 'DELETE' THEN 'SELECT -1 AS "sign", * FROM "removed"'
    ELSE 'SELECT 1 AS "sign", * FROM "added" UNION ALL SELECT -1 AS "sign", * FROM "removed"' END;
  -- What was only inspected is no data.
  counted CONSTANT text := '"origin" = ''dataset''';
BEGIN
  EXECUTE format($sql$
    WITH moved AS MATERIALIZED (
      SELECT "projectId", "categoryId",
        coalesce(sum("sign"), 0) AS "images",
        coalesce(sum("sign") FILTER (WHERE "split" = 'train' AND "label" = 'good'), 0) AS "trainGood",
        coalesce(sum("sign") FILTER (WHERE "split" = 'test' AND "label" = 'good'), 0) AS "testGood",
        coalesce(sum("sign") FILTER (WHERE "split" = 'test' AND "label" = 'defective'), 0) AS "testDefective",
        coalesce(sum("sign") FILTER (WHERE "split" IS NULL), 0) AS "unassigned",
        coalesce(sum("sign") FILTER (WHERE "isMasked"), 0) AS "masked"
      FROM (%s) AS changed
      -- A project that is being removed takes its counts along.
      WHERE EXISTS (SELECT FROM "project" p WHERE p."id" = changed."projectId") AND %s
      GROUP BY 1, 2
    ), told AS MATERIALIZED (
      SELECT * FROM moved
      WHERE ("images", "trainGood", "testGood", "testDefective", "unassigned", "masked") <> (0, 0, 0, 0, 0, 0)
    ), free AS MATERIALIZED (
      SELECT c."id" FROM told t JOIN "image_count" c USING ("projectId", "categoryId")
      FOR UPDATE OF c SKIP LOCKED
    ), taken AS (
      DELETE FROM "image_count" c USING free WHERE c."id" = free."id"
      RETURNING c."projectId", c."categoryId", c."images", c."trainGood", c."testGood", c."testDefective",
        c."unassigned", c."masked"
    )
    INSERT INTO "image_count"
      ("projectId", "categoryId", "images", "trainGood", "testGood", "testDefective", "unassigned", "masked")
    SELECT "projectId", "categoryId", sum("images"), sum("trainGood"), sum("testGood"), sum("testDefective"),
      sum("unassigned"), sum("masked")
    FROM (SELECT * FROM told UNION ALL SELECT * FROM taken) AS summed
    GROUP BY 1, 2
    HAVING (sum("images"), sum("trainGood"), sum("testGood"), sum("testDefective"), sum("unassigned"), sum("masked"))
      <> (0, 0, 0, 0, 0, 0)
  $sql$, changed, counted);
  RETURN NULL;
END
$$;

CREATE TRIGGER image_counts_on_insert AFTER INSERT ON "image" REFERENCING NEW TABLE AS "added"
  FOR EACH STATEMENT EXECUTE FUNCTION keep_image_counts();
CREATE TRIGGER image_counts_on_update AFTER UPDATE ON "image" REFERENCING NEW TABLE AS "added" OLD TABLE AS "removed"
  FOR EACH STATEMENT EXECUTE FUNCTION keep_image_counts();
CREATE TRIGGER image_counts_on_delete AFTER DELETE ON "image" REFERENCING OLD TABLE AS "removed"
  FOR EACH STATEMENT EXECUTE FUNCTION keep_image_counts();

-- An image knows whether it has a mask. It is locked first, in a fixed order: whoever gives it a mask or takes one
-- waits, and then looks at what there is by now.
CREATE FUNCTION keep_is_masked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM "image" i WHERE i."id" IN (SELECT "imageId" FROM "changed")
    ORDER BY i."id" FOR NO KEY UPDATE;
  UPDATE "image" i SET "isMasked" = NOT i."isMasked"
    WHERE i."id" IN (SELECT "imageId" FROM "changed")
      AND i."isMasked" <> EXISTS (SELECT FROM "mask" m WHERE m."imageId" = i."id");
  RETURN NULL;
END
$$;

CREATE TRIGGER is_masked_on_insert AFTER INSERT ON "mask" REFERENCING NEW TABLE AS "changed"
  FOR EACH STATEMENT EXECUTE FUNCTION keep_is_masked();
CREATE TRIGGER is_masked_on_delete AFTER DELETE ON "mask" REFERENCING OLD TABLE AS "changed"
  FOR EACH STATEMENT EXECUTE FUNCTION keep_is_masked();
