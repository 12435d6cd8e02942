-- Rows are made by actors: persons, keys of machines and the system, each inside one organisation.

-- CreateEnum
CREATE TYPE "ActorKind" AS ENUM ('person', 'api_key', 'system');

-- CreateTable
CREATE TABLE "actor" (
    "id" UUID NOT NULL,
    "organizationId" TEXT NOT NULL,
    "kind" "ActorKind" NOT NULL,
    "userId" TEXT,
    "name" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "actor_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "actor_userId_idx" ON "actor"("userId");

-- CreateIndex
CREATE UNIQUE INDEX "actor_organizationId_userId_key" ON "actor"("organizationId", "userId");

-- AddForeignKey
ALTER TABLE "actor" ADD CONSTRAINT "actor_organizationId_fkey" FOREIGN KEY ("organizationId") REFERENCES "organization"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "actor" ADD CONSTRAINT "actor_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Who signs in acts as a person; somebody whose account is gone still did what they did.
ALTER TABLE "actor" ADD CONSTRAINT "actor_users_are_persons" CHECK ("kind" = 'person' OR "userId" IS NULL);
CREATE UNIQUE INDEX "actor_one_system" ON "actor"("organizationId") WHERE "kind" = 'system';

-- An id that begins with the time, as all of ours do.
CREATE FUNCTION uuid_of_now() RETURNS uuid LANGUAGE sql VOLATILE AS $$
  SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
    PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid
$$;

CREATE FUNCTION make_system_actor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "actor" ("id", "organizationId", "kind", "name") VALUES (uuid_of_now(), NEW."id", 'system', 'Loupe');
  RETURN NULL;
END
$$;
CREATE TRIGGER organization_has_a_system AFTER INSERT ON "organization"
  FOR EACH ROW EXECUTE FUNCTION make_system_actor();

CREATE FUNCTION keep_actor_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE "actor" SET "name" = NEW."name" WHERE "userId" = NEW."id";
  RETURN NULL;
END
$$;
CREATE TRIGGER actor_has_the_present_name AFTER UPDATE OF "name" ON "user"
  FOR EACH ROW WHEN (OLD."name" <> NEW."name") EXECUTE FUNCTION keep_actor_name();

-- ---- the actors of the rows from before ----

INSERT INTO "actor" ("id", "organizationId", "kind", "name")
SELECT uuid_of_now(), "id", 'system', 'Loupe' FROM "organization";

CREATE TEMPORARY TABLE author AS
SELECT "made"."organizationId", "made"."userId", uuid_of_now() AS "actorId" FROM (
  SELECT "organizationId", "createdById" AS "userId" FROM "project"
  UNION SELECT p."organizationId", x."createdById" FROM "import" x JOIN "project" p ON p."id" = x."projectId"
  UNION SELECT p."organizationId", x."createdById" FROM "dataset_version" x JOIN "project" p ON p."id" = x."projectId"
  UNION SELECT p."organizationId", x."createdById" FROM "dataset_freeze" x JOIN "project" p ON p."id" = x."projectId"
  UNION SELECT p."organizationId", x."createdById" FROM "training_run" x JOIN "project" p ON p."id" = x."projectId"
  UNION SELECT p."organizationId", x."requestedById" FROM "encoder_pull" x JOIN "project" p ON p."id" = x."projectId"
  UNION SELECT p."organizationId", x."createdById" FROM "inspection" x JOIN "project" p ON p."id" = x."projectId"
  UNION SELECT p."organizationId", v."authorId" FROM "verdict" v JOIN "case" c ON c."id" = v."caseId" JOIN "project" p ON p."id" = c."projectId"
  UNION SELECT p."organizationId", e."actorId" FROM "event" e JOIN "project" p ON p."id" = e."projectId" WHERE e."actorId" IS NOT NULL
) AS "made";
INSERT INTO "actor" ("id", "organizationId", "kind", "userId", "name")
SELECT a."actorId", a."organizationId", 'person', u."id", coalesce(u."name", 'Removed person')
FROM author a LEFT JOIN "user" u ON u."id" = a."userId";

-- DropForeignKey
ALTER TABLE "project" DROP CONSTRAINT "project_createdById_fkey";

-- DropForeignKey
ALTER TABLE "import" DROP CONSTRAINT "import_createdById_fkey";

-- DropForeignKey
ALTER TABLE "dataset_version" DROP CONSTRAINT "dataset_version_createdById_fkey";

-- DropForeignKey
ALTER TABLE "dataset_freeze" DROP CONSTRAINT "dataset_freeze_createdById_fkey";

-- DropForeignKey
ALTER TABLE "training_run" DROP CONSTRAINT "training_run_createdById_fkey";

-- DropForeignKey
ALTER TABLE "encoder_pull" DROP CONSTRAINT "encoder_pull_requestedById_fkey";

-- DropForeignKey
ALTER TABLE "inspection" DROP CONSTRAINT "inspection_createdById_fkey";

-- DropForeignKey
ALTER TABLE "verdict" DROP CONSTRAINT "verdict_authorId_fkey";

-- These are never changed, but for naming the same author in another way.
ALTER TABLE "verdict" DISABLE TRIGGER "verdict_is_immutable";
ALTER TABLE "event" DISABLE TRIGGER "event_is_immutable";
ALTER TABLE "dataset_version" DISABLE TRIGGER "dataset_version_is_immutable";
UPDATE "project" p SET "createdById" = a."actorId"::text FROM author a
WHERE a."organizationId" = p."organizationId" AND a."userId" = p."createdById";
UPDATE "import" x SET "createdById" = a."actorId"::text FROM author a, "project" p
WHERE p."id" = x."projectId" AND a."organizationId" = p."organizationId" AND a."userId" = x."createdById";
UPDATE "dataset_version" x SET "createdById" = a."actorId"::text FROM author a, "project" p
WHERE p."id" = x."projectId" AND a."organizationId" = p."organizationId" AND a."userId" = x."createdById";
UPDATE "dataset_freeze" x SET "createdById" = a."actorId"::text FROM author a, "project" p
WHERE p."id" = x."projectId" AND a."organizationId" = p."organizationId" AND a."userId" = x."createdById";
UPDATE "training_run" x SET "createdById" = a."actorId"::text FROM author a, "project" p
WHERE p."id" = x."projectId" AND a."organizationId" = p."organizationId" AND a."userId" = x."createdById";
UPDATE "encoder_pull" x SET "requestedById" = a."actorId"::text FROM author a, "project" p
WHERE p."id" = x."projectId" AND a."organizationId" = p."organizationId" AND a."userId" = x."requestedById";
UPDATE "inspection" x SET "createdById" = a."actorId"::text FROM author a, "project" p
WHERE p."id" = x."projectId" AND a."organizationId" = p."organizationId" AND a."userId" = x."createdById";
UPDATE "verdict" v SET "authorId" = a."actorId"::text FROM author a, "case" c, "project" p
WHERE c."id" = v."caseId" AND p."id" = c."projectId" AND a."organizationId" = p."organizationId" AND a."userId" = v."authorId";
UPDATE "event" e SET "actorId" = a."actorId"::text FROM author a, "project" p
WHERE p."id" = e."projectId" AND a."organizationId" = p."organizationId" AND a."userId" = e."actorId";
-- What no person caused, the system did.
UPDATE "event" e SET "actorId" = a."id"::text FROM "actor" a, "project" p
WHERE e."actorId" IS NULL AND p."id" = e."projectId" AND a."organizationId" = p."organizationId" AND a."kind" = 'system';
ALTER TABLE "verdict" ENABLE TRIGGER "verdict_is_immutable";
ALTER TABLE "event" ENABLE TRIGGER "event_is_immutable";
ALTER TABLE "dataset_version" ENABLE TRIGGER "dataset_version_is_immutable";
DROP TABLE author;

ALTER TABLE "project" ALTER COLUMN "createdById" TYPE UUID USING "createdById"::uuid;
ALTER TABLE "import" ALTER COLUMN "createdById" TYPE UUID USING "createdById"::uuid;
ALTER TABLE "dataset_version" ALTER COLUMN "createdById" TYPE UUID USING "createdById"::uuid;
ALTER TABLE "dataset_freeze" ALTER COLUMN "createdById" TYPE UUID USING "createdById"::uuid;
ALTER TABLE "training_run" ALTER COLUMN "createdById" TYPE UUID USING "createdById"::uuid;
ALTER TABLE "encoder_pull" ALTER COLUMN "requestedById" TYPE UUID USING "requestedById"::uuid;
ALTER TABLE "inspection" ALTER COLUMN "createdById" TYPE UUID USING "createdById"::uuid;
ALTER TABLE "verdict" ALTER COLUMN "authorId" TYPE UUID USING "authorId"::uuid;
ALTER TABLE "event" ALTER COLUMN "actorId" TYPE UUID USING "actorId"::uuid;
ALTER TABLE "event" ALTER COLUMN "actorId" SET NOT NULL;

-- CreateIndex
CREATE INDEX "verdict_authorId_idx" ON "verdict"("authorId");

-- CreateIndex
CREATE INDEX "event_actorId_idx" ON "event"("actorId");

-- AddForeignKey
ALTER TABLE "project" ADD CONSTRAINT "project_createdById_fkey" FOREIGN KEY ("createdById") REFERENCES "actor"("id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "import" ADD CONSTRAINT "import_createdById_fkey" FOREIGN KEY ("createdById") REFERENCES "actor"("id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_version" ADD CONSTRAINT "dataset_version_createdById_fkey" FOREIGN KEY ("createdById") REFERENCES "actor"("id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dataset_freeze" ADD CONSTRAINT "dataset_freeze_createdById_fkey" FOREIGN KEY ("createdById") REFERENCES "actor"("id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "training_run" ADD CONSTRAINT "training_run_createdById_fkey" FOREIGN KEY ("createdById") REFERENCES "actor"("id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "encoder_pull" ADD CONSTRAINT "encoder_pull_requestedById_fkey" FOREIGN KEY ("requestedById") REFERENCES "actor"("id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "inspection" ADD CONSTRAINT "inspection_createdById_fkey" FOREIGN KEY ("createdById") REFERENCES "actor"("id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "verdict" ADD CONSTRAINT "verdict_authorId_fkey" FOREIGN KEY ("authorId") REFERENCES "actor"("id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "event" ADD CONSTRAINT "event_actorId_fkey" FOREIGN KEY ("actorId") REFERENCES "actor"("id") ON DELETE NO ACTION ON UPDATE CASCADE;

-- Asked at once as before, and at the end when an organisation goes with all that it has.
ALTER TABLE "project" ALTER CONSTRAINT "project_createdById_fkey" DEFERRABLE INITIALLY IMMEDIATE;
ALTER TABLE "import" ALTER CONSTRAINT "import_createdById_fkey" DEFERRABLE INITIALLY IMMEDIATE;
ALTER TABLE "dataset_version" ALTER CONSTRAINT "dataset_version_createdById_fkey" DEFERRABLE INITIALLY IMMEDIATE;
ALTER TABLE "dataset_freeze" ALTER CONSTRAINT "dataset_freeze_createdById_fkey" DEFERRABLE INITIALLY IMMEDIATE;
ALTER TABLE "training_run" ALTER CONSTRAINT "training_run_createdById_fkey" DEFERRABLE INITIALLY IMMEDIATE;
ALTER TABLE "encoder_pull" ALTER CONSTRAINT "encoder_pull_requestedById_fkey" DEFERRABLE INITIALLY IMMEDIATE;
ALTER TABLE "inspection" ALTER CONSTRAINT "inspection_createdById_fkey" DEFERRABLE INITIALLY IMMEDIATE;
ALTER TABLE "verdict" ALTER CONSTRAINT "verdict_authorId_fkey" DEFERRABLE INITIALLY IMMEDIATE;
ALTER TABLE "event" ALTER CONSTRAINT "event_actorId_fkey" DEFERRABLE INITIALLY IMMEDIATE;
