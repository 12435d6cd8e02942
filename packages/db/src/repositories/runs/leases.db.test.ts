import { randomUUID } from "node:crypto";

import type { ImportId, InspectionId } from "@loupe/contracts";
import { expect, test } from "vitest";

import { testDatabase } from "../../testing/index.ts";
import { LeaseLost } from "./leases.ts";

const database = testDatabase();

const anImport = () => ({ kind: "import", id: randomUUID() as ImportId }) as const;

test("an import is held by one worker, who may take it anew and then has a larger token", async () => {
  const { leases } = database.db;
  const subject = anImport();
  const first = (await leases.take(subject, "a"))!;
  expect(await leases.take(subject, "b")).toBeNull();
  const again = (await leases.take(subject, "a"))!;
  expect(again > first).toBe(true);
  await leases.release(again);
  const next = (await leases.take(subject, "b"))!;
  expect(next > again).toBe(true);
  expect(await leases.releaseOf("b")).toBe(1);
});

test("of an inspection each worker has a share", async () => {
  const { leases } = database.db;
  const subject = { kind: "inspection", id: randomUUID() as InspectionId } as const;
  expect(await leases.take(subject, "a")).not.toBeNull();
  expect(await leases.take(subject, "b")).not.toBeNull();
});

test("one who is silent for too long, by the database's clock, loses it and may write no more", async () => {
  const { db } = database;
  const subject = anImport();
  const lost = (await db.leases.take(subject, "a"))!;
  const silentFor = (seconds: number) =>
    db.pool.query(
      `update job_lease set "beatAt" = now() - make_interval(secs => $2) where id = $1`,
      [lost, seconds],
    );
  await silentFor(13);
  expect(await db.leases.take(subject, "b")).toBeNull();
  await db.transaction((tx) => tx.leases.hold(lost));
  await silentFor(16);
  expect(await db.leases.take(subject, "b")).not.toBeNull();
  await expect(db.transaction((tx) => tx.leases.hold(lost))).rejects.toThrow(LeaseLost);
});
