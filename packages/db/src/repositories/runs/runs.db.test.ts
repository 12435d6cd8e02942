import { gaugeStride, type RunId } from "@loupe/contracts";
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";

import {
  aCalibration,
  aDatasetVersion,
  aHash,
  aModel,
  anImage,
  aRun,
  aTrainingRun,
  aWorld,
  testDatabase,
} from "../../testing/index.ts";

const database = testDatabase();

const RATES = { stepsPerSecond: 2, secondsLeft: 30 };
const point = (step: number) => ({ step, loss: 1 / (step + 1), terms: { cosine: step } });

test("one request starts one run, also when it is doubled at the same time", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const datasetVersionId = (await aDatasetVersion(db, world)).id;
  const idempotencyKey = randomUUID();
  const request = { ...startInput(), projectId: world.projectId, datasetVersionId, idempotencyKey };
  const started = await Promise.all(
    Array.from({ length: 4 }, () => db.runs.create({ ...request, createdById: world.engineer })),
  );
  expect(new Set(started.map(({ run }) => run.id)).size).toBe(1);
  expect(started.filter(({ isNew }) => isNew)).toHaveLength(1);
  expect(await db.runs.list(world.projectId)).toEqual([started[0]!.run]);
});

test("runs of a project are numbered without a double when they start together", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const datasetVersionId = (await aDatasetVersion(db, world)).id;
  const runs = await Promise.all(
    Array.from({ length: 5 }, () => aRun(db, world, { datasetVersionId })),
  );
  expect(runs.map((run) => run.number).sort()).toEqual([1, 2, 3, 4, 5]);
});

test("a run cannot use a dataset version of another project", async () => {
  const { db } = database;
  const [mine, theirs] = [await aWorld(db), await aWorld(db)];
  const foreign = await aDatasetVersion(db, theirs);
  await expect(aRun(db, mine, { datasetVersionId: foreign.id })).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
  const run = await aRun(db, theirs);
  await expect(db.runs.require(run.id, mine.projectId)).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
  await expect(db.runs.requestCancel(run.id, mine.projectId)).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
});

test("of workers that claim at the same time one gets the run", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const run = await aRun(db, world);
  const claims = await Promise.all(
    Array.from({ length: 6 }, (_, index) => db.runs.claim(run.id, `worker-${index}`)),
  );
  const [claim, ...others] = claims.filter((outcome) => outcome !== null);
  expect(others).toEqual([]);
  expect(claim).toMatchObject({
    isTakenOver: false,
    organisationId: world.organisationId,
    run: { status: "caching_features", startedAt: expect.any(Date) as Date },
  });
});

test("a silent holder is followed by another, and its late writes are refused", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const { lease } = await aTrainingRun(db, world, "first");
  await db.runs.recordPoints(lease, [0, 1, 2, 3].map(point), RATES);
  await db.runs.recordCheckpoint(lease, 1);
  expect(await db.runs.claim(lease.runId, "second")).toBeNull();
  expect(await db.runs.listStalled(60_000)).toEqual([]);

  expect(await db.runs.releaseLeasesOf("first")).toEqual([lease.runId]);
  expect(await db.runs.listStalled(60_000)).toMatchObject([{ id: lease.runId, worker: "first" }]);
  const nobodys = { status: "training", worker: null, stepsPerSecond: null, secondsLeft: null };
  expect(await db.runs.find(lease.runId)).toMatchObject(nobodys);
  const second = await db.runs.claim(lease.runId, "second");
  expect(second).toMatchObject({
    isTakenOver: true,
    run: { checkpointStep: 1, step: 3, worker: "second" },
  });

  expect(await db.runs.heartbeat(lease)).toEqual({ isHeld: false, isCancelRequested: false });
  const late = await Promise.allSettled([
    db.runs.recordPoints(lease, [point(4)], RATES),
    db.runs.recordCheckpoint(lease, 4),
    db.runs.move(lease, { status: "training", stageDone: 4, stageTotal: 100 }),
    db.runs.finish(lease, { status: "failed", error: "late" }),
  ]);
  for (const write of late) {
    expect(write).toMatchObject({ status: "rejected", reason: { code: "RUN_STATUS_CHANGED" } });
  }
  expect((await db.runs.points(lease.runId)).map(({ step }) => step)).toEqual([0, 1, 2, 3]);
});

test("a resumed curve has no double and no gap", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const { lease } = await aTrainingRun(db, world, "first");
  const image = await anImage(db, { projectId: world.projectId, split: "test" });
  await db.runs.recordPoints(lease, [0, 1, 2, 3, 4].map(point), RATES);
  for (const step of [2, 4]) {
    await db.runs.recordProbe(lease, { imageId: image.id, step, score: 0.5, mapKey: aHash() });
  }
  await db.runs.recordCheckpoint(lease, 2);
  await db.runs.releaseLeasesOf("first");
  const resumed = await db.runs.claim(lease.runId, "second");
  await db.runs.rewindTo(resumed!.lease, 2);
  expect(await db.runs.find(lease.runId)).toMatchObject({ step: 2, loss: point(2).loss });
  await db.runs.recordPoints(resumed!.lease, [3, 4, 5].map(point), RATES);
  // A batch that is written twice is there once.
  await db.runs.recordPoints(resumed!.lease, [4, 5].map(point), RATES);
  expect(await db.runs.points(lease.runId)).toEqual([0, 1, 2, 3, 4, 5].map(point));
  expect((await db.runs.probes(lease.runId)).map(({ step }) => step)).toEqual([2]);
});

test("a stage only leads where the table says, and the end is final", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const run = await aRun(db, world);
  const { lease } = (await db.runs.claim(run.id, "worker"))!;
  const stage = { stageDone: 0, stageTotal: 10 };
  const skipped = db.runs.move(lease, { status: "evaluating", ...stage });
  await expect(skipped).rejects.toMatchObject({ code: "RUN_STATUS_CHANGED" });
  await db.runs.move(lease, { status: "training", ...stage });
  await db.runs.move(lease, { status: "training", ...stage, stageDone: 5 });
  await expect(db.runs.finish(lease, { status: "succeeded" })).rejects.toMatchObject({
    code: "RUN_STATUS_CHANGED",
  });
  await db.runs.move(lease, { status: "evaluating", ...stage });
  expect(await db.runs.finish(lease, { status: "succeeded" })).toMatchObject({
    status: "succeeded",
    finishedAt: expect.any(Date) as Date,
  });
  await expect(db.runs.finish(lease, { status: "succeeded" })).rejects.toMatchObject({
    code: "RUN_STATUS_CHANGED",
  });
  expect(await db.runs.claim(run.id, "other")).toBeNull();
  expect(await db.runs.markFailed(run.id, "too late")).toBeNull();
});

test("a queued run is cancelled at once, one under way is asked, an ended one refuses", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const queued = await aRun(db, world);
  const cancelled = await db.runs.requestCancel(queued.id, world.projectId);
  expect(cancelled.status).toBe("cancelled");
  expect(await db.runs.claim(queued.id, "worker")).toBeNull();
  await expect(db.runs.requestCancel(queued.id, world.projectId)).rejects.toMatchObject({
    code: "RUN_ALREADY_FINISHED",
  });

  const { lease } = await aTrainingRun(db, world);
  expect(await db.runs.heartbeat(lease)).toEqual({ isHeld: true, isCancelRequested: false });
  const asked = await db.runs.requestCancel(lease.runId, world.projectId);
  expect(asked).toMatchObject({ status: "training", isCancelRequested: true });
  expect(await db.runs.heartbeat(lease)).toEqual({ isHeld: true, isCancelRequested: true });
  expect((await db.runs.finish(lease, { status: "cancelled" })).status).toBe("cancelled");
});

test("a long curve is thinned evenly and keeps its newest point", async () => {
  const { db } = database;
  const { lease } = await aTrainingRun(db, await aWorld(db));
  const steps = Array.from({ length: 101 }, (_, step) => step);
  await db.runs.recordPoints(lease, steps.map(point), RATES);
  const thinned = await db.runs.points(lease.runId, { maxPoints: 20 });
  expect(thinned.length).toBeLessThanOrEqual(21);
  expect(thinned.at(-1)?.step).toBe(100);
  expect(await db.runs.points(lease.runId, { afterStep: 98 })).toEqual([99, 100].map(point));
});

test("incidents are kept in order, and a run that nobody holds can be failed", async () => {
  const { db } = database;
  const { lease } = await aTrainingRun(db, await aWorld(db));
  await db.runs.recordIncident(lease.runId, { step: 3, kind: "worker-lost", message: "silent" });
  await db.runs.recordIncident(lease.runId, { step: 2, kind: "resumed", message: "goes on" });
  const incidents = await db.runs.incidents(lease.runId);
  expect(incidents.map(({ kind }) => kind)).toEqual(["worker-lost", "resumed"]);
  expect(await db.runs.markFailed(lease.runId, "out of attempts")).toMatchObject({
    status: "failed",
    error: "out of attempts",
  });
  expect(await db.runs.find(randomUUID() as RunId)).toBeNull();
});

test("a run gives one model, numbered, with the numbers of its evaluation", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const model = await aModel(db, world);
  const again = await db.models.create({
    runId: model.run.id,
    sha256: aHash(),
    sizeBytes: 1,
    calibration: aCalibration(),
    categoryCalibrations: {},
    provider: "cpu",
    trainSeconds: 1,
  });
  expect(again).toEqual({ model, isNew: false });
  expect((await db.runs.find(model.run.id))?.modelVersionId).toBe(model.id);

  const items = await db.datasets.items(model.datasetVersion.id);
  for (const item of items) {
    await db.predictions.upsert({
      modelVersionId: model.id,
      imageId: item.imageId,
      score: item.label === "good" ? 0.1 : 0.9,
      mapKey: aHash(),
    });
  }
  const evaluation = {
    modelVersionId: model.id,
    datasetVersionId: model.datasetVersion.id,
    meanImageAuroc: 0.9,
    meanPixelAuroc: null,
    secondsPerImage: 0.05,
    categories: [
      { category: "lid", imageAuroc: null, pixelAuroc: null, images: 3, defectiveImages: 0 },
      {
        category: "part",
        imageAuroc: 0.1 + 0.2,
        pixelAuroc: 1e-300,
        images: 1,
        defectiveImages: 1,
      },
    ],
  };
  await db.evaluations.create({ ...evaluation, meanImageAuroc: 0.5 });
  await db.evaluations.create(evaluation);
  expect((await db.models.require(model.id, world.projectId)).evaluation).toMatchObject({
    meanImageAuroc: 0.9,
    meanPixelAuroc: null,
    secondsPerImage: 0.05,
    categories: evaluation.categories,
  });
  expect(await db.evaluations.scores(model.id, model.datasetVersion.id)).toEqual([
    { category: "part", label: "defective", score: 0.9 },
  ]);
  const elsewhere = await aModel(db, await aWorld(db));
  expect(await db.evaluations.scores(elsewhere.id, model.datasetVersion.id)).toEqual([]);
  expect((await db.models.active(world.projectId))?.id).toBe(model.id);
  expect((await db.models.requireFile(model.id)).fileName).toMatch(/^Project-.*-model-1\.loupe$/);
});

function startInput() {
  return {
    method: "rd",
    encoder: "resnet18",
    steps: 100,
    batch: 4,
    seed: 1,
    provider: "cpu" as const,
    settings: { width: 384, layers: ["a", "b"] },
  };
}

test("a thinned curve keeps its newest point and points with gauges", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const { lease } = await aTrainingRun(db, world);
  const steps = 9_000;
  const stride = gaugeStride(steps);
  expect(stride).toBe(16);
  const points = Array.from({ length: steps }, (_, i) => {
    const terms: Record<string, number> = { cosine: i };
    if ((i + 1) % stride === 0) terms["experts/0"] = 0.2;
    return { step: i + 1, loss: 1, terms };
  });
  await db.runs.recordPoints(lease, points, RATES);
  const thinned = await db.runs.points(lease.runId, { maxPoints: 2_000 });
  expect(thinned.length).toBeLessThanOrEqual(2_000);
  expect(thinned.at(-1)?.step).toBe(steps);
  const gauges = thinned.filter(({ terms }) => "experts/0" in terms);
  expect(gauges).toHaveLength(Math.floor(steps / stride));
});

test("what a worker found out about a run is on the run and on its model", async () => {
  const { db } = database;
  const world = await aWorld(db);
  const claimed = await aTrainingRun(db, world);
  expect(claimed.run).toMatchObject({ preset: "fast", category: null, note: null, device: null });
  await db.runs.recordFacts(claimed.lease, { note: "Learns anchors.", device: "A GPU" });
  expect(await db.runs.find(claimed.run.id)).toMatchObject({
    note: "Learns anchors.",
    device: "A GPU",
  });
});
