import { join } from "node:path";

import { isFinalRunStatus } from "@loupe/contracts";
import { testDatabase } from "@loupe/db/testing";
import { createLogger, isWaiting } from "@loupe/platform";
import { afterAll, expect, test } from "vitest";

import { clock } from "../clock.ts";
import { DetectorCache } from "../serving/detector-cache.ts";
import { scratchFolder } from "../testing/scratch-folder.ts";
import { aTrainingWorld, startRun } from "../testing/training-world.ts";
import { TINY_ENCODERS } from "../testing/worker-process.ts";
import { TelemetryNotifier } from "../telemetry/telemetry-notifier.ts";
import { TrainingWatch } from "../training/training-watch.ts";
import { trainRun } from "./train-run.ts";

const database = testDatabase();
const scratch = scratchFolder();
const detectors = new DetectorCache();
afterAll(() => detectors.close());

const MINUTE_MS = 60_000;

test("a run that has trained for half an hour goes on in a job of its own, from where it was", async () => {
  process.env.LOUPE_ENCODERS = TINY_ENCODERS;
  const { db } = database;
  const world = await aTrainingWorld(db, scratch.path);
  const logger = createLogger("test", { level: "silent" });
  // Each step takes eleven minutes by this clock: a turn has three of them.
  let nowMs = 0;
  const slow = { ...clock, nowMs: () => (nowMs += 11 * MINUTE_MS) };
  const services = {
    workerId: "tested",
    devices: () => [{ provider: "cpu", device: "Two cores" }] as const,
    db,
    blobs: world.blobs,
    folders: {
      features: join(world.home, "cache", "features"),
      runs: join(world.home, "runs"),
      scratch: join(world.home, "scratch"),
    },
    signingKeyFile: join(world.home, "signing-key"),
    detectors,
    trainings: new TrainingWatch(),
    telemetry: new TelemetryNotifier({ sql: db.pool, logger }),
    logger,
    clock: slow,
    refreshEncoders: () => Promise.resolve(),
  };
  const steps = 12;
  const { id: runId } = await startRun(world, { steps });
  const reached: number[] = [];
  for (let turn = 0; turn < steps; turn++) {
    await db.pool.query("delete from graphile_worker._private_jobs");
    const { signal } = new AbortController();
    await trainRun(
      services,
      { runId },
      { jobId: "1", attempt: 1, isLastAttempt: false, signal, logger },
    );
    const run = (await db.runs.find(runId))!;
    const isOver = isFinalRunStatus(run.status);
    expect(await isWaiting(db.pool, "run.train", { runId })).toBe(!isOver);
    reached.push(run.step);
    if (isOver) break;
    expect(run.checkpointStep).toBe(run.step);
  }
  expect(await db.runs.find(runId)).toMatchObject({ status: "succeeded", step: steps });
  expect(reached.length).toBeGreaterThan(1);
  expect(new Set(reached.slice(0, -1)).size).toBe(reached.length - 1);
  const curve = await db.runs.points(runId);
  expect(curve.map(({ step }) => step)).toEqual(Array.from({ length: steps }, (_, at) => at + 1));
  expect(await db.models.list(world.projectId)).toHaveLength(1);
}, 240_000);
