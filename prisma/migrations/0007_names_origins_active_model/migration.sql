-- Names have limits and a verdict keeps those of its time; one model version of a project is active; and an organisation can go with all that it has.

-- DropForeignKey
ALTER TABLE "image" DROP CONSTRAINT "image_categoryId_fkey";

-- DropForeignKey
ALTER TABLE "dataset_item" DROP CONSTRAINT "dataset_item_imageId_fkey";

-- DropForeignKey
ALTER TABLE "dataset_item" DROP CONSTRAINT "dataset_item_maskId_fkey";

-- DropForeignKey
ALTER TABLE "training_run" DROP CONSTRAINT "training_run_datasetVersionId_fkey";

-- DropForeignKey
ALTER TABLE "run_probe" DROP CONSTRAINT "run_probe_imageId_fkey";

-- DropForeignKey
ALTER TABLE "model_version" DROP CONSTRAINT "model_version_runId_fkey";

-- DropForeignKey
ALTER TABLE "evaluation" DROP CONSTRAINT "evaluation_datasetVersionId_fkey";

-- DropForeignKey
ALTER TABLE "prediction" DROP CONSTRAINT "prediction_imageId_fkey";

-- DropForeignKey
ALTER TABLE "inspection" DROP CONSTRAINT "inspection_modelVersionId_fkey";

-- DropForeignKey
ALTER TABLE "inspection_image" DROP CONSTRAINT "inspection_image_imageId_fkey";

-- DropForeignKey
ALTER TABLE "case" DROP CONSTRAINT "case_imageId_fkey";

-- DropForeignKey
ALTER TABLE "case" DROP CONSTRAINT "case_predictionId_fkey";

-- DropForeignKey
ALTER TABLE "verdict" DROP CONSTRAINT "verdict_predictionId_fkey";

-- DropIndex
DROP INDEX "image_projectId_categoryId_id_idx";

-- DropIndex
DROP INDEX "image_projectId_id_idx";

-- DropIndex
DROP INDEX "image_projectId_sha256_key";

-- DropIndex
DROP INDEX "case_projectId_state_standardScore_id_idx";

-- AlterTable
ALTER TABLE "project" ADD COLUMN     "activeModelVersionId" UUID,
ADD COLUMN     "isRescoring" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "case" ADD COLUMN     "modelRank" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "verdict" ADD COLUMN     "authorName" TEXT,
ADD COLUMN     "siteId" UUID,
ADD COLUMN     "siteName" TEXT;

-- ---- names ----

-- What nobody could see or read is taken out of names, and what is left of them is cut.
CREATE FUNCTION pg_temp.tidy(name TEXT, longest INTEGER) RETURNS TEXT LANGUAGE sql IMMUTABLE AS $$
  SELECT left(btrim(regexp_replace(normalize(name, NFC),
    '[\u0001-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF]', '', 'g')), longest)
$$;
UPDATE "user" SET "name" = coalesce(nullif(pg_temp.tidy("name", 80), ''), 'Unnamed')
  WHERE "name" <> pg_temp.tidy("name", 80) OR "name" = '';
UPDATE "organization" SET "name" = coalesce(nullif(pg_temp.tidy("name", 80), ''), 'Unnamed')
  WHERE "name" <> pg_temp.tidy("name", 80) OR "name" = '';
-- These are unique in their organisation: a part of the id keeps apart what a cut would make equal.
UPDATE "site" SET "name" = btrim(pg_temp.tidy("name", 71) || ' ' || right("id"::text, 8))
  WHERE "name" <> pg_temp.tidy("name", 80) OR "name" = '';
UPDATE "project" SET "name" = btrim(pg_temp.tidy("name", 71) || ' ' || right("id"::text, 8))
  WHERE "name" <> pg_temp.tidy("name", 80) OR "name" = '';

-- A verdict is never changed, but for being given here what it should have had from the beginning.
ALTER TABLE "verdict" DISABLE TRIGGER "verdict_is_immutable";
UPDATE "verdict" SET "note" = left("note", 2000) WHERE char_length("note") > 2000;
UPDATE "verdict" v SET "authorName" = u."name" FROM "user" u WHERE u."id" = v."authorId";
UPDATE "verdict" v SET "siteId" = s."id", "siteName" = s."name"
FROM "case" c
JOIN "project" p ON p."id" = c."projectId"
JOIN "member" m ON m."organizationId" = p."organizationId"
JOIN "site" s ON s."id" = m."siteId"
WHERE c."id" = v."caseId" AND m."userId" = v."authorId";
ALTER TABLE "verdict" ENABLE TRIGGER "verdict_is_immutable";
ALTER TABLE "verdict" ALTER COLUMN "authorName" SET NOT NULL;

ALTER TABLE "user" ADD CONSTRAINT "user_name_is_short" CHECK (char_length("name") <= 80);
ALTER TABLE "organization" ADD CONSTRAINT "organization_name_is_short" CHECK (char_length("name") <= 80);
ALTER TABLE "site" ADD CONSTRAINT "site_name_is_short" CHECK (char_length("name") <= 80);
ALTER TABLE "project" ADD CONSTRAINT "project_name_is_short" CHECK (char_length("name") <= 80);
ALTER TABLE "category" ADD CONSTRAINT "category_name_is_short" CHECK (char_length("name") <= 80);
ALTER TABLE "verdict" ADD CONSTRAINT "verdict_note_is_short" CHECK (char_length("note") <= 2000);

-- ---- the active version ----

-- Until now the newest run took the queue over: what scored most of what is still to decide goes on, else the newest.
UPDATE "project" p SET "activeModelVersionId" = chosen."id"
FROM (
  SELECT DISTINCT ON (m."projectId") m."projectId", m."id"
  FROM "model_version" m
  LEFT JOIN (
    SELECT r."modelVersionId", count(*) AS "cases"
    FROM "case" c JOIN "prediction" r ON r."id" = c."predictionId"
    WHERE c."state" <> 'decided'
    GROUP BY r."modelVersionId"
  ) undecided ON undecided."modelVersionId" = m."id"
  ORDER BY m."projectId", coalesce(undecided."cases", 0) DESC, m."number" DESC
) chosen
WHERE chosen."projectId" = p."id";

UPDATE "case" c SET "modelRank" = CASE WHEN m."id" = p."activeModelVersionId" THEN 2147483647 ELSE m."number" END
FROM "prediction" r, "model_version" m, "project" p
WHERE r."id" = c."predictionId" AND m."id" = r."modelVersionId" AND p."id" = c."projectId";

DROP INDEX "case_undecided_by_standard_score";
DROP INDEX "case_by_standard_score";
-- The queue over several states, and over all of them.
CREATE INDEX "case_undecided_by_standard_score" ON "case" ("projectId", "modelRank" DESC, "standardScore" DESC, "id") WHERE "state" <> 'decided';
CREATE INDEX "case_by_standard_score" ON "case" ("projectId", "modelRank" DESC, "standardScore" DESC, "id");

-- CreateIndex
CREATE UNIQUE INDEX "project_activeModelVersionId_key" ON "project"("activeModelVersionId");

-- CreateIndex
CREATE INDEX "image_projectId_origin_categoryId_id_idx" ON "image"("projectId", "origin", "categoryId", "id");

-- CreateIndex
CREATE INDEX "image_projectId_origin_id_idx" ON "image"("projectId", "origin", "id");

-- CreateIndex
CREATE UNIQUE INDEX "image_projectId_sha256_origin_key" ON "image"("projectId", "sha256", "origin");

-- CreateIndex
CREATE INDEX "case_projectId_state_modelRank_standardScore_id_idx" ON "case"("projectId", "state", "modelRank" DESC, "standardScore" DESC, "id");

-- CreateIndex
CREATE INDEX "verdict_siteId_idx" ON "verdict"("siteId");

-- AddForeignKey
ALTER TABLE "project" ADD CONSTRAINT "project_activeModelVersionId_fkey" FOREIGN KEY ("activeModelVersionId") REFERENCES "model_version"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "image" ADD CONSTRAINT "image_categoryId_fkey" FOREIGN KEY ("categoryId") REFERENCES "category"("id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_item" ADD CONSTRAINT "dataset_item_imageId_fkey" FOREIGN KEY ("imageId") REFERENCES "image"("id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_item" ADD CONSTRAINT "dataset_item_maskId_fkey" FOREIGN KEY ("maskId") REFERENCES "mask"("id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "training_run" ADD CONSTRAINT "training_run_datasetVersionId_fkey" FOREIGN KEY ("datasetVersionId") REFERENCES "dataset_version"("id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run_probe" ADD CONSTRAINT "run_probe_imageId_fkey" FOREIGN KEY ("imageId") REFERENCES "image"("id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "model_version" ADD CONSTRAINT "model_version_runId_fkey" FOREIGN KEY ("runId") REFERENCES "training_run"("id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "evaluation" ADD CONSTRAINT "evaluation_datasetVersionId_fkey" FOREIGN KEY ("datasetVersionId") REFERENCES "dataset_version"("id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "prediction" ADD CONSTRAINT "prediction_imageId_fkey" FOREIGN KEY ("imageId") REFERENCES "image"("id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "inspection" ADD CONSTRAINT "inspection_modelVersionId_fkey" FOREIGN KEY ("modelVersionId") REFERENCES "model_version"("id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "inspection_image" ADD CONSTRAINT "inspection_image_imageId_fkey" FOREIGN KEY ("imageId") REFERENCES "image"("id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "case" ADD CONSTRAINT "case_imageId_fkey" FOREIGN KEY ("imageId") REFERENCES "image"("id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "case" ADD CONSTRAINT "case_predictionId_fkey" FOREIGN KEY ("predictionId") REFERENCES "prediction"("id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "verdict" ADD CONSTRAINT "verdict_siteId_fkey" FOREIGN KEY ("siteId") REFERENCES "site"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "verdict" ADD CONSTRAINT "verdict_predictionId_fkey" FOREIGN KEY ("predictionId") REFERENCES "prediction"("id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- ---- removing an organisation or a project ----

-- Whatever names a row keeps it: that is asked at once as before. When everything goes, it is asked at the end, since rows
-- go in an order in which some are still named by others that go a moment later.
ALTER TABLE "image" ALTER CONSTRAINT "image_categoryId_fkey" DEFERRABLE INITIALLY IMMEDIATE;
ALTER TABLE "dataset_item" ALTER CONSTRAINT "dataset_item_imageId_fkey" DEFERRABLE INITIALLY IMMEDIATE;
ALTER TABLE "dataset_item" ALTER CONSTRAINT "dataset_item_maskId_fkey" DEFERRABLE INITIALLY IMMEDIATE;
ALTER TABLE "training_run" ALTER CONSTRAINT "training_run_datasetVersionId_fkey" DEFERRABLE INITIALLY IMMEDIATE;
ALTER TABLE "run_probe" ALTER CONSTRAINT "run_probe_imageId_fkey" DEFERRABLE INITIALLY IMMEDIATE;
ALTER TABLE "model_version" ALTER CONSTRAINT "model_version_runId_fkey" DEFERRABLE INITIALLY IMMEDIATE;
ALTER TABLE "evaluation" ALTER CONSTRAINT "evaluation_datasetVersionId_fkey" DEFERRABLE INITIALLY IMMEDIATE;
ALTER TABLE "prediction" ALTER CONSTRAINT "prediction_imageId_fkey" DEFERRABLE INITIALLY IMMEDIATE;
ALTER TABLE "inspection" ALTER CONSTRAINT "inspection_modelVersionId_fkey" DEFERRABLE INITIALLY IMMEDIATE;
ALTER TABLE "inspection_image" ALTER CONSTRAINT "inspection_image_imageId_fkey" DEFERRABLE INITIALLY IMMEDIATE;
ALTER TABLE "case" ALTER CONSTRAINT "case_imageId_fkey" DEFERRABLE INITIALLY IMMEDIATE;
ALTER TABLE "case" ALTER CONSTRAINT "case_predictionId_fkey" DEFERRABLE INITIALLY IMMEDIATE;
ALTER TABLE "verdict" ALTER CONSTRAINT "verdict_predictionId_fkey" DEFERRABLE INITIALLY IMMEDIATE;

CREATE FUNCTION ask_at_the_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SET CONSTRAINTS ALL DEFERRED;
  RETURN NULL;
END
$$;
CREATE TRIGGER organization_goes_with_all BEFORE DELETE ON "organization"
  FOR EACH STATEMENT EXECUTE FUNCTION ask_at_the_end();
CREATE TRIGGER project_goes_with_all BEFORE DELETE ON "project"
  FOR EACH STATEMENT EXECUTE FUNCTION ask_at_the_end();
