import type { RunPoint } from "@loupe/contracts";
import { aRun, aWorld, testDatabase } from "@loupe/db/testing";
import { createLogger } from "@loupe/platform";
import { expect, onTestFinished, test } from "vitest";

import { TelemetryNotifier } from "../telemetry/telemetry-notifier.ts";
import { hearTelemetry } from "../testing/hear-telemetry.ts";
import { ManualClock } from "../testing/manual-clock.ts";
import { waitUntil } from "../testing/wait-until.ts";
import { CurveWriter } from "./curve-writer.ts";

const database = testDatabase();
const logger = createLogger("test", { level: "silent" });
const RATES = { stepsPerSecond: 2, secondsLeft: 30 };
const point = (step: number, terms: RunPoint["terms"] = {}): RunPoint => ({ step, loss: 1, terms });

async function aCurve(steps = 400) {
  const { db } = database;
  const world = await aWorld(db);
  const run = await aRun(db, world);
  const { lease } = (await db.runs.claim(run.id, `worker-${run.id}`))!;
  const failures: unknown[] = [];
  const clock = new ManualClock();
  const heard = await hearTelemetry(database.url);
  onTestFinished(() => heard.close());
  const telemetry = new TelemetryNotifier({ sql: db.pool, logger, clock });
  const curve = new CurveWriter({
    db,
    telemetry,
    lease,
    projectId: world.projectId,
    steps,
    onFailure: (error) => failures.push(error),
    clock,
  });
  const stored = async () => (await db.runs.points(run.id)).map(({ step }) => step);
  const told = () => heard.bodies("run.points");
  const toldUpTo = (step: number) =>
    waitUntil(`step ${step}`, () => Promise.resolve(told().at(-1)?.step === step));
  return { ...world, run, lease, curve, clock, telemetry, heard, failures, stored, told, toldUpTo };
}

test("the first point is stored and told at once, those of the next half second together", async () => {
  const { run, lease, curve, clock, stored, told, toldUpTo } = await aCurve();
  curve.add(point(1), RATES);
  clock.advance(0);
  await curve.flush();
  clock.advance(0);
  await toldUpTo(1);
  curve.add(point(2), RATES);
  clock.advance(499);
  curve.add(point(3), RATES);
  expect(await stored()).toEqual([1]);
  clock.advance(1);
  await curve.flush();
  expect(await stored()).toEqual([1, 2, 3]);
  clock.advance(500);
  await toldUpTo(3);
  const common = { type: "run.points", runId: run.id, attempt: lease.token, loss: 1, ...RATES };
  expect(told()).toEqual([
    { ...common, afterStep: 0, step: 1, points: [point(1)] },
    { ...common, afterStep: 1, step: 3, points: [point(2), point(3)] },
  ]);
});

test("every point is kept with its gauges; what is told has the newest gauges alone", async () => {
  const { run, curve, clock, told, toldUpTo } = await aCurve();
  for (let step = 1; step <= 60; step++) {
    curve.add(point(step, { cosine: step, "scale/a": step }), RATES);
  }
  await curve.flush();
  const stored = await database.db.runs.points(run.id);
  expect(stored).toHaveLength(60);
  expect(stored.every(({ terms }) => "scale/a" in terms)).toBe(true);
  clock.advance(0);
  await toldUpTo(60);
  const points = told().flatMap((body) => body.points);
  expect(points.map(({ step }) => step)).toEqual(stored.map(({ step }) => step));
  expect(points.filter(({ terms }) => "scale/a" in terms).map(({ step }) => step)).toEqual([60]);
});

test("a run of 20,000 steps writes no event for them and notifies twice a second, of each step once", async () => {
  const STEPS = 20_000;
  const STEPS_A_SECOND = 40;
  const { projectId, curve, clock, telemetry, heard, told, toldUpTo, stored } = await aCurve(STEPS);
  for (let step = 1; step <= STEPS; step++) {
    curve.add(point(step, { cosine: 1 / step, distance: 1 / 3 }), RATES);
    clock.advance(1_000 / STEPS_A_SECOND);
    // The clock stands still while points are stored.
    if (step % (STEPS_A_SECOND / 4) === 0) await curve.flush();
  }
  await telemetry.flush();
  await toldUpTo(STEPS);
  expect(await stored()).toHaveLength(STEPS);
  expect(await database.db.events.newestSequence(projectId)).toBe(0);
  expect(heard.messages.length).toBeLessThanOrEqual((2 * STEPS) / STEPS_A_SECOND + 1);
  expect(told().flatMap(({ points }) => points.map(({ step }) => step))).toEqual(
    Array.from({ length: STEPS }, (_, at) => at + 1),
  );
}, 300_000);

test("says once that points cannot be stored, and again to whoever flushes", async () => {
  const { run, curve, failures, stored, told } = await aCurve();
  await database.db.runs.releaseLeasesOf(`worker-${run.id}`);
  const lost = { code: "RUN_STATUS_CHANGED" };
  curve.add(point(1), RATES);
  await expect(curve.flush()).rejects.toMatchObject(lost);
  curve.add(point(2), RATES);
  await expect(curve.flush()).rejects.toMatchObject(lost);
  expect(failures).toHaveLength(1);
  expect(await stored()).toEqual([]);
  expect(told()).toEqual([]);
});

test("what is discarded is never stored nor told", async () => {
  const { curve, clock, telemetry, stored, told } = await aCurve();
  curve.add(point(1), RATES);
  curve.discard();
  clock.advance(10_000);
  await curve.flush();
  await telemetry.flush();
  expect(await stored()).toEqual([]);
  expect(told()).toEqual([]);
});
