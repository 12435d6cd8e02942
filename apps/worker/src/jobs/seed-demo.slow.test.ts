import { readdir } from "node:fs/promises";
import { join } from "node:path";

import {
  DEMO_PHASES,
  isFinalRunStatus,
  TINY_DEMO,
  type DemoPhase,
  type DemoWorldId,
} from "@loupe/contracts";
import { seedDemo, type Database } from "@loupe/db";
import { withDatabase } from "@loupe/db/testing";
import { enqueue } from "@loupe/platform";
import { afterEach, expect, onTestFailed, test } from "vitest";

import { scratchFolder } from "../testing/scratch-folder.ts";
import { waitUntil } from "../testing/wait-until.ts";
import { WorkerProcess, type WorkerProcessOptions } from "../testing/worker-process.ts";

const scratch = scratchFolder();
afterEach(async () => {
  await WorkerProcess.killAll();
});

/** What `npm start` does to the database before it starts a worker. */
async function start(db: Database): Promise<DemoWorldId | null> {
  await seedDemo(db, "tiny");
  const [demoWorldId] = await db.demoWorlds.listUnfinished();
  if (demoWorldId === undefined) return null;
  const { organisationId } = (await db.demoWorlds.find(demoWorldId))!;
  await db.transaction((tx) =>
    enqueue(tx.sql, { name: "demo.seed", organisationId }, { demoWorldId }),
  );
  return demoWorldId;
}

function startWorker(options: WorkerProcessOptions): WorkerProcess {
  const worker = new WorkerProcess(options);
  onTestFailed(async () => {
    process.stderr.write(await worker.log());
  });
  return worker;
}

/** Wait until a demo has reached a phase, or has gone past it. */
async function untilPhase(db: Database, id: DemoWorldId, phase: DemoPhase) {
  return waitUntil(`the phase ${phase}`, async () => {
    const world = await db.demoWorlds.find(id);
    if (world?.problem != null) throw new Error(world.problem);
    const isThere =
      world !== null && DEMO_PHASES.indexOf(world.phase) >= DEMO_PHASES.indexOf(phase);
    return isThere ? world : null;
  });
}

test("a demo whose workers are killed is there once, and no start makes more", async () => {
  await withDatabase(async (db, url) => {
    const home = join(scratch.path, "killed");
    const id = (await start(db))!;
    for (const phase of ["rendering", "training"] as const) {
      const worker = startWorker({ url, home });
      await untilPhase(db, id, phase);
      if (phase === "rendering")
        await waitUntil("a picture", async () => (await db.demoWorlds.find(id))!.done > 3);
      await worker.kill("SIGKILL");
      await start(db);
    }
    const last = startWorker({ url, home });
    const world = await untilPhase(db, id, "done");
    const { projectId } = world;

    const { counts } = TINY_DEMO;
    expect(await db.imports.list(projectId)).toMatchObject([{ status: "succeeded", error: null }]);
    expect(await db.datasets.list(projectId)).toMatchObject([
      { number: 1, trainImages: counts.train, defectiveImages: counts.defective },
    ]);
    // The baseline is no part of what the demo waits for.
    const runs = await waitUntil("the baseline", async () => {
      const all = await db.runs.list(projectId);
      return all.every(({ status }) => isFinalRunStatus(status)) && all;
    });
    expect(runs).toMatchObject([
      { method: "rd", status: "succeeded", encoder: "loupe", startedBy: "Demo engineer" },
      { method: "bank", status: "succeeded", encoder: "loupe" },
    ]);
    const [model, ...others] = await db.models.list(projectId);
    expect(others).toMatchObject([{ method: "bank", isActive: false }]);
    expect(model?.isActive).toBe(true);
    expect(model?.evaluation?.meanPixelAuroc).toBeGreaterThan(0.5);
    const inspections = await waitUntil("the inspections", async () => {
      const all = await db.inspections.list(projectId);
      return all.every(({ status }) => status === "succeeded") && all;
    });
    expect(inspections.map(({ createdBy }) => createdBy).sort()).toEqual([
      "Reviewer North",
      "Reviewer South",
      "Reviewer West",
    ]);
    await expectDecisions(db, projectId);
    expect(await start(db)).toBeNull();
    expect(await readdir(join(home, "blobs", "uploads"))).toEqual([]);
    expect(await last.kill("SIGTERM")).toBe(0);
  });
}, 300_000);

async function expectDecisions(
  db: Database,
  projectId: Parameters<Database["cases"]["list"]>[0]["projectId"],
) {
  const { rows, counts } = await db.cases.list({ projectId, state: "all", limit: 500 });
  expect(counts.open).toBeGreaterThan(0);
  expect(counts.inReview).toBeGreaterThan(0);
  expect(counts.decided).toBeGreaterThan(0);
  const verdicts = rows.flatMap(({ verdict }) => verdict ?? []);
  expect(new Set(verdicts.map(({ value }) => value))).toEqual(
    new Set(["good", "defective", "unsure"]),
  );
  expect(verdicts.every(({ author }) => author.site !== null)).toBe(true);
}
