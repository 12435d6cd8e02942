-- CreateEnum
CREATE TYPE "LeaseKind" AS ENUM ('import', 'inspection');

-- AlterTable
ALTER TABLE "inspection_image" ADD COLUMN     "isDone" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "leaseId" BIGINT;

-- CreateTable
CREATE TABLE "job_lease" (
    "id" BIGSERIAL NOT NULL,
    "kind" "LeaseKind" NOT NULL,
    "subjectId" UUID NOT NULL,
    "share" TEXT NOT NULL DEFAULT '',
    "workerId" TEXT NOT NULL,
    "takenAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "beatAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "job_lease_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "job_lease_workerId_idx" ON "job_lease"("workerId");

-- CreateIndex
CREATE UNIQUE INDEX "job_lease_kind_subjectId_share_key" ON "job_lease"("kind", "subjectId", "share");

-- CreateIndex
CREATE INDEX "inspection_image_leaseId_idx" ON "inspection_image"("leaseId");

-- AddForeignKey
ALTER TABLE "inspection_image" ADD CONSTRAINT "inspection_image_leaseId_fkey" FOREIGN KEY ("leaseId") REFERENCES "job_lease"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- Of an inspection that has ended nothing is left to do. One under way begins anew, as each delivery
-- of its job did until now; scoring again gives the same predictions and cases.
UPDATE "inspection_image" x SET "isDone" = true FROM "inspection" i
  WHERE i."id" = x."inspectionId" AND i."status" IN ('succeeded', 'failed', 'cancelled');
UPDATE "inspection" SET "imagesDone" = 0 WHERE "status" = 'scoring';

-- Jobs that wait know by a flag that a worker does one of them at a time. The queue makes its
-- tables itself, later than this on a new database.
DO $$
BEGIN
  IF to_regclass('graphile_worker._private_jobs') IS NOT NULL THEN
    UPDATE graphile_worker._private_jobs AS job
      SET flags = coalesce(job.flags, '{}'::jsonb) || '{"alone:scoring": true}'::jsonb
      FROM graphile_worker._private_tasks AS task
      WHERE task.id = job.task_id AND task.identifier IN ('inspection.score', 'model.rescore');
  END IF;
END
$$;
