import type { RunPoint } from "@loupe/contracts";
import { aRun, aWorld, testDatabase } from "@loupe/db/testing";
import { expect, test } from "vitest";

import { ManualClock } from "../testing/manual-clock.ts";
import { waitUntil } from "../testing/wait-until.ts";
import { CurveWriter } from "./curve-writer.ts";

const database = testDatabase();
const RATES = { stepsPerSecond: 2, secondsLeft: 30 };
const point = (step: number, terms: RunPoint["terms"] = {}): RunPoint => ({ step, loss: 1, terms });

async function aCurve() {
  const { db } = database;
  const world = await aWorld(db);
  const run = await aRun(db, world);
  const { lease } = (await db.runs.claim(run.id, `worker-${run.id}`))!;
  const failures: unknown[] = [];
  const clock = new ManualClock();
  const curve = new CurveWriter({
    db,
    lease,
    projectId: world.projectId,
    steps: 400,
    onFailure: (error) => failures.push(error),
    clock,
  });
  const steps = async () => (await db.runs.points(run.id)).map(({ step }) => step);
  const progress = async () =>
    (await db.events.listAfter(world.projectId, 0, 500)).flatMap(({ body }) =>
      body.type === "run.progress" ? [body] : [],
    );
  return { run, curve, clock, failures, steps, progress };
}

test("the first point is stored at once, those of the next quarter of a second together", async () => {
  const { curve, clock, steps, progress } = await aCurve();
  curve.add(point(1), RATES);
  clock.advance(0);
  await waitUntil("the first point", async () => (await steps()).length === 1);
  curve.add(point(2), RATES);
  clock.advance(249);
  curve.add(point(3), RATES);
  expect(await steps()).toEqual([1]);
  clock.advance(1);
  await waitUntil("the others", async () => (await steps()).length === 3);
  expect((await progress()).map(({ points }) => points.map(({ step }) => step))).toEqual([
    [1],
    [2, 3],
  ]);
});

test("every point is kept with its gauges; an event has fifty points and the newest gauges", async () => {
  const { run, curve, progress } = await aCurve();
  for (let step = 1; step <= 120; step++) {
    curve.add(point(step, { cosine: step, "scale/a": step }), RATES);
  }
  await curve.flush();
  const stored = await database.db.runs.points(run.id);
  expect(stored).toHaveLength(120);
  expect(stored.every(({ terms }) => "scale/a" in terms)).toBe(true);
  const told = await progress();
  expect(told.map(({ points }) => points.length)).toEqual([50, 50, 20]);
  expect(
    told.map(({ points }) => points.filter((p) => "scale/a" in p.terms).map((p) => p.step)),
  ).toEqual([[50], [100], [120]]);
});

test("says once that points cannot be stored, and again to whoever flushes", async () => {
  const { run, curve, failures, steps } = await aCurve();
  await database.db.runs.releaseLeasesOf(`worker-${run.id}`);
  const lost = { code: "RUN_STATUS_CHANGED" };
  curve.add(point(1), RATES);
  await expect(curve.flush()).rejects.toMatchObject(lost);
  curve.add(point(2), RATES);
  await expect(curve.flush()).rejects.toMatchObject(lost);
  expect(failures).toHaveLength(1);
  expect(await steps()).toEqual([]);
});

test("what is discarded is never stored", async () => {
  const { curve, clock, steps, progress } = await aCurve();
  curve.add(point(1), RATES);
  curve.discard();
  clock.advance(10_000);
  await curve.flush();
  expect(await steps()).toEqual([]);
  expect(await progress()).toEqual([]);
});
