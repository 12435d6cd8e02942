import type { InspectionId, OrganisationId } from "@loupe/contracts";
import { testDatabase } from "@loupe/db/testing";
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";

import { enqueue } from "./enqueue.ts";
import { releaseUnknownWorkers } from "./release-dead-workers.ts";

const database = testDatabase();

test("locks of processes that nobody knows are freed, those of known ones and fresh ones are not", async () => {
  const { pool } = database.db;
  for (const owner of ["known", "unknown", "fresh"]) {
    const { jobId } = await enqueue(
      pool,
      { name: "inspection.score", organisationId: "owner" as OrganisationId },
      {
        inspectionId: randomUUID() as InspectionId,
      },
    );
    await pool.query(
      `update graphile_worker._private_jobs
       set locked_by = $1, locked_at = now() - make_interval(mins => $2) where id = $3`,
      [owner, owner === "fresh" ? 0 : 5, jobId],
    );
  }
  const known = { graphileIds: ["known"], olderThanMs: 60_000 };
  expect(await releaseUnknownWorkers(pool, known)).toBe(1);
  const { rows } = await pool.query<{ locked_by: string | null }>(
    "select locked_by from graphile_worker.jobs order by id",
  );
  expect(rows.map((job) => job.locked_by)).toEqual(["known", null, "fresh"]);
});
