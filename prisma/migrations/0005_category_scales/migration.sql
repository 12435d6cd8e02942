-- Products differ in how a model scores their good parts: each gets a display scale of its own, and a case's place in
-- the queue is its score in deviations above the good parts of its category.

-- AlterTable
ALTER TABLE "model_version" ADD COLUMN     "goodDeviation" DOUBLE PRECISION NOT NULL DEFAULT 1,
ADD COLUMN     "goodImages" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "goodMean" DOUBLE PRECISION NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "case" ADD COLUMN     "standardScore" DOUBLE PRECISION NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "category_scale" (
    "modelVersionId" UUID NOT NULL,
    "category" TEXT NOT NULL,
    "scaleMin" DOUBLE PRECISION NOT NULL,
    "scaleMax" DOUBLE PRECISION NOT NULL,
    "goodImages" INTEGER NOT NULL,
    "goodMean" DOUBLE PRECISION NOT NULL,
    "goodDeviation" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "category_scale_pkey" PRIMARY KEY ("modelVersionId","category")
);

-- AddForeignKey
ALTER TABLE "category_scale" ADD CONSTRAINT "category_scale_modelVersionId_fkey" FOREIGN KEY ("modelVersionId") REFERENCES "model_version"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Models from before did not keep what their training images scored: their good test images stand in.
UPDATE "model_version" m SET "goodImages" = good."images", "goodMean" = good."mean", "goodDeviation" = good."deviation"
FROM (
    SELECT p."modelVersionId", count(*)::int AS "images", avg(p."score") AS "mean", stddev_pop(p."score") AS "deviation"
    FROM "prediction" p JOIN "image" i ON i."id" = p."imageId"
    WHERE i."label" = 'good'
    GROUP BY p."modelVersionId"
    HAVING stddev_pop(p."score") > 0
) good
WHERE good."modelVersionId" = m."id";

UPDATE "case" c SET "standardScore" = (c."score" - m."goodMean") / greatest(m."goodDeviation", 1e-3 * abs(m."goodMean"), 1e-9)
FROM "prediction" p JOIN "model_version" m ON m."id" = p."modelVersionId"
WHERE p."id" = c."predictionId";

ALTER TABLE "model_version" ALTER COLUMN "goodDeviation" DROP DEFAULT, ALTER COLUMN "goodImages" DROP DEFAULT, ALTER COLUMN "goodMean" DROP DEFAULT;
ALTER TABLE "case" ALTER COLUMN "standardScore" DROP DEFAULT;

-- DropIndex
DROP INDEX "case_projectId_state_score_id_idx";
DROP INDEX "case_undecided_by_score";
DROP INDEX "case_by_score";

-- CreateIndex
CREATE INDEX "case_projectId_state_standardScore_id_idx" ON "case"("projectId", "state", "standardScore" DESC, "id");

-- The queue over several states, and over all of them.
CREATE INDEX "case_undecided_by_standard_score" ON "case" ("projectId", "standardScore" DESC, "id") WHERE "state" <> 'decided';
CREATE INDEX "case_by_standard_score" ON "case" ("projectId", "standardScore" DESC, "id");
