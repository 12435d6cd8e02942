import { randomUUID } from "node:crypto";

import type { InspectionId, OrganisationId } from "@loupe/contracts";
import { testDatabase } from "@loupe/db/testing";
import { expect, test } from "vitest";

import { enqueue } from "./enqueue.ts";
import { isWaiting } from "./is-waiting.ts";

const database = testDatabase();

test("a job waits until it is taken, put off or dead, and for its own payload alone", async () => {
  const { pool } = database.db;
  const payload = { inspectionId: randomUUID() as InspectionId };
  const waits = () => isWaiting(pool, "inspection.score", payload);
  const set = (change: string) => pool.query(`update graphile_worker._private_jobs set ${change}`);
  expect(await waits()).toBe(false);
  const job = { name: "inspection.score", organisationId: "owner" as OrganisationId } as const;
  await enqueue(pool, job, { inspectionId: randomUUID() as InspectionId });
  expect(await waits()).toBe(false);
  await enqueue(pool, job, payload);
  expect(await waits()).toBe(true);
  await set("locked_at = now(), locked_by = 'somebody'");
  expect(await waits()).toBe(false);
  await set("locked_at = null, locked_by = null, run_at = now() + interval '1 hour'");
  expect(await waits()).toBe(false);
  await set("run_at = now(), attempts = max_attempts");
  expect(await waits()).toBe(false);
});
