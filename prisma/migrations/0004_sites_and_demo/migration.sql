-- Sites of an organisation, where its people work, and projects that fill by themselves on the first start.

-- CreateEnum
CREATE TYPE "DemoPhase" AS ENUM ('rendering', 'importing', 'freezing', 'training', 'inspecting', 'reviewing', 'done');

-- AlterTable
ALTER TABLE "member" ADD COLUMN     "siteId" UUID;

-- CreateTable
CREATE TABLE "site" (
    "id" UUID NOT NULL,
    "organizationId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "site_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "demo_world" (
    "id" UUID NOT NULL,
    "projectId" UUID NOT NULL,
    "plan" JSONB NOT NULL,
    "phase" "DemoPhase" NOT NULL DEFAULT 'rendering',
    "done" INTEGER NOT NULL DEFAULT 0,
    "total" INTEGER NOT NULL DEFAULT 0,
    "problem" TEXT,
    "uploadKey" TEXT,
    "importId" UUID,
    "runId" UUID,
    "datasetVersionId" UUID,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "demo_world_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "site_organizationId_name_key" ON "site"("organizationId", "name");

-- CreateIndex
CREATE UNIQUE INDEX "demo_world_projectId_key" ON "demo_world"("projectId");

-- CreateIndex
CREATE UNIQUE INDEX "demo_world_importId_key" ON "demo_world"("importId");

-- CreateIndex
CREATE UNIQUE INDEX "demo_world_runId_key" ON "demo_world"("runId");

-- CreateIndex
CREATE INDEX "demo_world_datasetVersionId_idx" ON "demo_world"("datasetVersionId");

-- CreateIndex
CREATE INDEX "member_siteId_idx" ON "member"("siteId");

-- AddForeignKey
ALTER TABLE "site" ADD CONSTRAINT "site_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "member" ADD CONSTRAINT "member_siteId_fkey" FOREIGN KEY ("siteId") REFERENCES "site"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "demo_world" ADD CONSTRAINT "demo_world_projectId_fkey" FOREIGN KEY ("projectId") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "demo_world" ADD CONSTRAINT "demo_world_importId_fkey" FOREIGN KEY ("importId") REFERENCES "import"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "demo_world" ADD CONSTRAINT "demo_world_runId_fkey" FOREIGN KEY ("runId") REFERENCES "training_run"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "demo_world" ADD CONSTRAINT "demo_world_datasetVersionId_fkey" FOREIGN KEY ("datasetVersionId") REFERENCES "dataset_version"("id") ON DELETE SET NULL ON UPDATE CASCADE;
