import type { DemoWorldId, ImportId, InspectionId, OrganisationId, RunId } from "@loupe/contracts";
import { testDatabase } from "@loupe/db/testing";
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test, vi } from "vitest";

import { enqueue } from "../queue/enqueue.ts";

const MAIN = fileURLToPath(new URL("../../test/stray-errors-main.ts", import.meta.url));
const organisationId = "owner" as OrganisationId;
const database = testDatabase();
let child: ChildProcess;
let exited: Promise<unknown[]>;
afterEach(async () => {
  child.kill("SIGKILL");
  await exited;
});

function startProcess(): void {
  child = spawn(process.execPath, ["--import", "tsx", MAIN, database.url], { stdio: "ignore" });
  exited = once(child, "exit");
}

async function waiting(): Promise<Record<string, string>> {
  const { rows } = await database.db.pool.query<{ name: string; last_error: string | null }>(
    "select task_identifier as name, last_error from graphile_worker.jobs",
  );
  return Object.fromEntries(rows.map((row) => [row.name, row.last_error ?? ""]));
}

test("an error that nobody caught fails the job that threw it, and no other", async () => {
  const { pool } = database.db;
  const importId = randomUUID() as ImportId;
  const inspectionId = randomUUID() as InspectionId;
  const runId = randomUUID() as RunId;
  await enqueue(pool, { name: "dataset.import", organisationId }, { importId });
  await enqueue(pool, { name: "inspection.score", organisationId }, { inspectionId });
  await enqueue(pool, { name: "run.train", organisationId }, { runId });
  startProcess();
  await vi.waitFor(
    async () =>
      expect(await waiting()).toEqual({
        "dataset.import": "from a callback",
        "inspection.score": "of a promise that nobody awaits",
      }),
    { timeout: 30_000, interval: 100 },
  );
  expect(child.exitCode).toBeNull();

  // Nobody knows what state such an error leaves the process in, nor whose it is: it ends in order,
  // and what it interrupts has had an attempt, lest it brings down one process after the other.
  const demoWorldId = randomUUID() as DemoWorldId;
  await enqueue(pool, { name: "demo.seed", organisationId }, { demoWorldId });
  const demo = async (): Promise<unknown> => {
    const { rows } = await pool.query(
      `select locked_by is not null as held, run_at <= now() as due, attempts
       from graphile_worker.jobs where task_identifier = 'demo.seed'`,
    );
    return rows;
  };
  await vi.waitFor(
    async () => expect(await demo()).toEqual([{ held: true, due: true, attempts: 1 }]),
    { timeout: 30_000, interval: 100 },
  );
  child.kill("SIGUSR2");
  expect(await exited).toEqual([3, null]);
  expect(await demo()).toEqual([{ held: false, due: true, attempts: 1 }]);
}, 60_000);
