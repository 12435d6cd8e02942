-- Imports, inspections and images keep where they came from, as verdicts do: who moves to another site later, or gives it
-- another name, changes no row.

-- AlterTable
ALTER TABLE "image" ADD COLUMN     "siteId" UUID,
ADD COLUMN     "siteName" TEXT;

-- AlterTable
ALTER TABLE "import" ADD COLUMN     "siteId" UUID,
ADD COLUMN     "siteName" TEXT;

-- AlterTable
ALTER TABLE "inspection" ADD COLUMN     "siteId" UUID,
ADD COLUMN     "siteName" TEXT;

-- ---- rows from before: where their author works now is the best that is known ----

UPDATE "import" x SET "siteId" = s."id", "siteName" = s."name"
FROM "project" p
JOIN "member" m ON m."organizationId" = p."organizationId"
JOIN "site" s ON s."id" = m."siteId"
WHERE p."id" = x."projectId" AND m."userId" = x."createdById";

UPDATE "inspection" x SET "siteId" = s."id", "siteName" = s."name"
FROM "project" p
JOIN "member" m ON m."organizationId" = p."organizationId"
JOIN "site" s ON s."id" = m."siteId"
WHERE p."id" = x."projectId" AND m."userId" = x."createdById";

-- A site changes no count of images, so these need not be taken anew.
ALTER TABLE "image" DISABLE TRIGGER "image_counts_on_update";
UPDATE "image" i SET "siteId" = x."siteId", "siteName" = x."siteName"
FROM "import" x WHERE x."id" = i."importId" AND x."siteName" IS NOT NULL;
UPDATE "image" i SET "siteId" = "first"."siteId", "siteName" = "first"."siteName"
FROM (
  SELECT DISTINCT ON (l."imageId") l."imageId", n."siteId", n."siteName"
  FROM "inspection_image" l JOIN "inspection" n ON n."id" = l."inspectionId"
  ORDER BY l."imageId", n."number"
) AS "first"
WHERE "first"."imageId" = i."id" AND i."origin" = 'inspection' AND "first"."siteName" IS NOT NULL;
ALTER TABLE "image" ENABLE TRIGGER "image_counts_on_update";

-- CreateIndex
CREATE INDEX "image_siteId_idx" ON "image"("siteId");

-- CreateIndex
CREATE INDEX "import_siteId_idx" ON "import"("siteId");

-- CreateIndex
CREATE INDEX "inspection_siteId_idx" ON "inspection"("siteId");

-- AddForeignKey
ALTER TABLE "image" ADD CONSTRAINT "image_siteId_fkey" FOREIGN KEY ("siteId") REFERENCES "site"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "import" ADD CONSTRAINT "import_siteId_fkey" FOREIGN KEY ("siteId") REFERENCES "site"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "inspection" ADD CONSTRAINT "inspection_siteId_fkey" FOREIGN KEY ("siteId") REFERENCES "site"("id") ON DELETE SET NULL ON UPDATE CASCADE;
