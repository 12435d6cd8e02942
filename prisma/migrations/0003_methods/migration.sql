-- What runs with every method and with downloaded encoders need:
-- * a run's preset, its one category, and what its worker found out (note, device);
-- * what each provider of a worker computes on;
-- * downloads of encoders, one under way at a time for each encoder of a project.

-- CreateEnum
CREATE TYPE "PullStatus" AS ENUM ('queued', 'downloading', 'succeeded', 'failed');

-- AlterTable
ALTER TABLE "training_run" ADD COLUMN     "category" TEXT,
ADD COLUMN     "device" TEXT,
ADD COLUMN     "note" TEXT,
ADD COLUMN     "preset" TEXT NOT NULL DEFAULT 'fast';

-- AlterTable
ALTER TABLE "worker_node" ADD COLUMN     "devices" JSONB NOT NULL DEFAULT '[]';

-- CreateTable
CREATE TABLE "encoder_pull" (
    "id" UUID NOT NULL,
    "projectId" UUID NOT NULL,
    "encoder" TEXT NOT NULL,
    "status" "PullStatus" NOT NULL DEFAULT 'queued',
    "bytesDone" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "bytesTotal" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "error" TEXT,
    "requestedById" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finishedAt" TIMESTAMPTZ(3),

    CONSTRAINT "encoder_pull_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "encoder_pull_projectId_createdAt_idx" ON "encoder_pull"("projectId", "createdAt");

-- AddForeignKey
ALTER TABLE "encoder_pull" ADD CONSTRAINT "encoder_pull_projectId_fkey" FOREIGN KEY ("projectId") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "encoder_pull" ADD CONSTRAINT "encoder_pull_requestedById_fkey" FOREIGN KEY ("requestedById") REFERENCES "user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;


-- A doubled press finds the download that is under way.
CREATE UNIQUE INDEX "encoder_pull_one_under_way" ON "encoder_pull" ("projectId", "encoder")
  WHERE "status" IN ('queued', 'downloading');
