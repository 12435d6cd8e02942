-- A metric is a row, so that a new one is no new column; and a prediction that a verdict names stays as it is.

-- CreateTable
CREATE TABLE "evaluation_metric" (
    "id" BIGSERIAL NOT NULL,
    "evaluationId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "category" TEXT,
    "value" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "evaluation_metric_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "evaluation_metric_evaluationId_category_name_key" ON "evaluation_metric"("evaluationId", "category", "name");

-- One number of the whole under a name: the index above takes rows without a category for different ones.
CREATE UNIQUE INDEX "evaluation_metric_is_named_once" ON "evaluation_metric"("evaluationId", "name") WHERE "category" IS NULL;

INSERT INTO "evaluation_metric" ("evaluationId", "name", "category", "value")
SELECT e."id", m."name", NULL, m."value"
FROM "evaluation" e
CROSS JOIN LATERAL (VALUES
  ('imageAuroc', e."meanImageAuroc"), ('pixelAuroc', e."meanPixelAuroc"), ('secondsPerImage', e."secondsPerImage")
) AS m("name", "value")
WHERE m."value" IS NOT NULL;

INSERT INTO "evaluation_metric" ("evaluationId", "name", "category", "value")
SELECT c."evaluationId", m."name", c."category", m."value"
FROM "evaluation_category" c
CROSS JOIN LATERAL (VALUES ('imageAuroc', c."imageAuroc"), ('pixelAuroc', c."pixelAuroc")) AS m("name", "value")
WHERE m."value" IS NOT NULL;

-- AlterTable
ALTER TABLE "evaluation" DROP COLUMN "meanImageAuroc",
DROP COLUMN "meanPixelAuroc",
DROP COLUMN "secondsPerImage";

-- AlterTable
ALTER TABLE "evaluation_category" DROP COLUMN "imageAuroc",
DROP COLUMN "pixelAuroc";

-- AddForeignKey
ALTER TABLE "evaluation_metric" ADD CONSTRAINT "evaluation_metric_evaluationId_fkey" FOREIGN KEY ("evaluationId") REFERENCES "evaluation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- ---- predictions ----

-- What a verdict was given on stays as its author saw it. The removal of a whole project or organisation reaches it through
-- its foreign keys, which shows as a trigger inside a trigger. STABLE: it looks with the eyes of the statement that changes
-- the row, so one that leaves such rows out is never refused for a verdict that comes meanwhile.
CREATE FUNCTION refuse_change_of_judged() RETURNS trigger LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF pg_trigger_depth() <= 1 AND EXISTS (SELECT FROM "verdict" v WHERE v."predictionId" = OLD."id") THEN
    RAISE EXCEPTION 'A prediction that a verdict names is never changed: % refused. Score with another model version instead.', TG_OP
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$;

CREATE TRIGGER judged_prediction_is_immutable BEFORE UPDATE OR DELETE ON "prediction"
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_judged();
