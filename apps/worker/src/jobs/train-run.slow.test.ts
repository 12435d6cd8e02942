import { existsSync, mkdirSync, rmSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";

import { decodeAnomalyMap, isFinalRunStatus, type RunId } from "@loupe/contracts";
import { testDatabase } from "@loupe/db/testing";
import {
  afterEach,
  beforeEach,
  describe,
  expect,
  onTestFailed,
  onTestFinished,
  test,
} from "vitest";

import { hearTelemetry } from "../testing/hear-telemetry.ts";
import { scratchFolder } from "../testing/scratch-folder.ts";
import { aTrainingWorld, startRun, type TrainingWorld } from "../testing/training-world.ts";
import { waitUntil } from "../testing/wait-until.ts";
import { WorkerProcess } from "../testing/worker-process.ts";

const database = testDatabase();
const scratch = scratchFolder();

let world: TrainingWorld;
beforeEach(async () => {
  world = await aTrainingWorld(database.db, scratch.path);
});
afterEach(async () => {
  await WorkerProcess.killAll();
});

function startWorker(): WorkerProcess {
  const worker = new WorkerProcess({ url: database.url, home: world.home });
  onTestFailed(async () => {
    process.stderr.write(await worker.log());
  });
  return worker;
}

async function untilEnded(id: RunId) {
  return waitUntil(`the end of run ${id}`, async () => {
    const run = await world.db.runs.find(id);
    return run !== null && isFinalRunStatus(run.status) ? run : null;
  });
}

async function untilStep(id: RunId, step: number) {
  return waitUntil(`step ${step}`, async () => {
    const run = await world.db.runs.find(id);
    if (run !== null && isFinalRunStatus(run.status)) {
      throw new Error(`Expected a run under way, it has ${run.status}: ${run.error ?? ""}`);
    }
    return run !== null && run.step >= step ? run : null;
  });
}

async function curveOf(id: RunId) {
  return (await world.db.runs.points(id)).map(({ step, loss }) => [step, loss]);
}

async function eventsOf(type: string) {
  const events = await world.db.events.listAfter(world.projectId, 0, 10_000);
  return events.map(({ body }) => body).filter((body) => body.type === type);
}

/** A run that succeeded left everything exactly once. */
async function expectWholeResult(id: RunId, steps: number): Promise<void> {
  const { db, projectId, version, testImages } = world;
  const run = await untilEnded(id);
  expect(run).toMatchObject({ status: "succeeded", error: null, step: steps });
  expect((await curveOf(id)).map(([step]) => step)).toEqual(
    Array.from({ length: steps }, (_, i) => i + 1),
  );

  const models = await db.models.list(projectId);
  expect(models).toHaveLength(1);
  const model = models[0]!;
  expect(run.modelVersionId).toBe(model.id);
  expect(model.evaluation).toMatchObject({
    datasetVersion: { id: version.id },
    categories: [{ category: "washer", images: testImages, defectiveImages: 4 }],
  });
  expect(model.evaluation?.meanImageAuroc).toBeGreaterThanOrEqual(0);
  expect(model.evaluation?.meanPixelAuroc).toBeGreaterThan(0.5);
  expect(await db.evaluations.scores(model.id, version.id)).toHaveLength(testImages);
  expect(await world.blobs.verify(model.sha256)).toBe(true);

  const cases = await db.cases.list({ projectId, state: "all", limit: 100 });
  expect(cases.rows).toHaveLength(testImages);
  const map = await db.predictions.requireMap(cases.rows[0]!.predictionId);
  expect(decodeAnomalyMap(await world.blobs.readBytes(map.mapKey))).toMatchObject({ width: 32 });

  expect(await eventsOf("model.created")).toHaveLength(1);
  const ends = (await eventsOf("run.status")).filter(
    (body) => body.type === "run.status" && isFinalRunStatus(body.status),
  );
  expect(ends).toHaveLength(1);
  // The row is final before the worker tidies up.
  await waitUntil("the run's folder to go", () =>
    Promise.resolve(!existsSync(join(world.home, "runs", id))),
  );
}

/** The probe images were looked at again and again while the run learned. */
async function expectProbes(id: RunId, steps: number): Promise<void> {
  const probes = await world.db.runs.probes(id);
  const looks = [...new Set(probes.map(({ step }) => step))];
  expect(looks[0]).toBe(1);
  expect(looks.at(-1)).toBe(steps);
  expect(looks.length).toBeGreaterThanOrEqual(8);
  for (const look of looks) expect(probes.filter(({ step }) => step === look)).toHaveLength(4);
  expect(new Set(probes.map(({ defectType }) => defectType))).toEqual(
    new Set(["scratch", "stain", null]),
  );
  for (const { imageId, step } of probes) {
    const { mapKey } = await world.db.runs.requireProbeMap({ runId: id, imageId, step });
    decodeAnomalyMap(await world.blobs.readBytes(mapKey));
  }
}

describe("a training run", () => {
  test("a worker killed in the middle is followed by one that finishes it once", async () => {
    const steps = 260;
    const run = await startRun(world, { steps });
    const first = startWorker();
    await untilStep(run.id, 120);
    expect(await first.kill("SIGKILL")).toBe("SIGKILL");
    const left = (await world.db.runs.find(run.id))!;
    expect(isFinalRunStatus(left.status)).toBe(false);

    const second = startWorker();
    await expectWholeResult(run.id, steps);
    const incidents = await world.db.runs.incidents(run.id);
    expect(incidents.map(({ kind }) => kind)).toEqual(["worker-lost", "resumed"]);
    expect(incidents[1]?.message).toMatch(/^Resumed from the checkpoint of step (100|150|200)\.$/u);
    expect(await eventsOf("run.incident")).toHaveLength(2);
    expect(await second.kill("SIGTERM")).toBe(0);

    // The curve is the one of a run that nobody interrupted: nothing lost, doubled or taken anew.
    const resumed = await curveOf(run.id);
    world = await aTrainingWorld(database.db, scratch.path);
    const undisturbed = await startRun(world, { steps });
    const heard = await hearTelemetry(database.url);
    onTestFinished(() => heard.close());
    startWorker();
    await expectWholeResult(undisturbed.id, steps);
    expect(await curveOf(undisturbed.id)).toEqual(resumed);
    expect(await world.db.runs.incidents(undisturbed.id)).toEqual([]);
    await expectProbes(undisturbed.id, steps);
    const ofRun = () => heard.bodies("run.points").filter(({ runId }) => runId === undisturbed.id);
    await waitUntil("the last step", () => Promise.resolve(ofRun().at(-1)?.step === steps));
    const told = ofRun();
    expect(told.map(({ afterStep }) => afterStep)).toEqual([
      0,
      ...told.slice(0, -1).map(({ step }) => step),
    ]);
    // Facts alone: stages, a dozen looks at the probes, the model and its cases.
    expect(await world.db.events.newestSequence(world.projectId)).toBeLessThanOrEqual(30);
  }, 300_000);

  test("a run whose checkpoint cannot be written says so, goes on, and says when it is well", async () => {
    const run = await startRun(world, { steps: 260 });
    // In the way of the file that a checkpoint becomes.
    const inTheWay = join(world.home, "runs", run.id, "checkpoints", "checkpoint.safetensors");
    mkdirSync(join(inTheWay, "something"), { recursive: true });
    startWorker();
    const noteOf = async () => (await world.db.runs.find(run.id))?.note ?? "";
    await waitUntil("the run to say it", async () =>
      (await noteOf()).startsWith("The checkpoint of step 50 could not be written"),
    );
    rmSync(inTheWay, { recursive: true });
    expect(await untilEnded(run.id)).toMatchObject({ status: "succeeded", step: 260 });
    expect(await noteOf()).not.toContain("could not be written");
  }, 300_000);

  test("a worker killed after training, while it evaluates, is followed by one that finishes", async () => {
    const steps = 20;
    const run = await startRun(world, { steps });
    const first = startWorker();
    await waitUntil("the evaluation", async () => {
      const view = await world.db.runs.find(run.id);
      return view?.status === "evaluating" || view?.status === "succeeded";
    });
    await first.kill("SIGKILL");
    startWorker();
    await expectWholeResult(run.id, steps);
  }, 300_000);

  test("a cancelled run stops long before its last step and leaves nothing behind", async () => {
    const run = await startRun(world, { steps: 100_000 });
    startWorker();
    await untilStep(run.id, 30);
    await world.db.runs.requestCancel(run.id, world.projectId);
    const ended = await untilEnded(run.id);
    expect(ended.status).toBe("cancelled");
    expect(await world.db.models.list(world.projectId)).toEqual([]);
    await waitUntil("the run's folder to go", () =>
      Promise.resolve(!existsSync(join(world.home, "runs", run.id))),
    );
  }, 300_000);

  test("a worker that is asked to stop puts the run back with a checkpoint", async () => {
    const steps = 200;
    const run = await startRun(world, { steps });
    const first = startWorker();
    await untilStep(run.id, 60);
    expect(await first.kill("SIGTERM")).toBe(0);
    const left = (await world.db.runs.find(run.id))!;
    expect(left.worker).toBeNull();
    expect(await readdir(join(world.home, "runs", run.id, "checkpoints"))).not.toEqual([]);

    startWorker();
    await expectWholeResult(run.id, steps);
    expect(await world.db.runs.incidents(run.id)).toMatchObject([
      { kind: "worker-stopped", step: left.step },
      { kind: "resumed", step: left.step },
    ]);
  }, 300_000);

  test("a run that cannot work fails with a sentence, and the next one goes on", async () => {
    const missing = await startRun(world, { encoder: "no-such-encoder" });
    const impossible = await startRun(world, { settings: { width: 65 } });
    startWorker();
    expect((await untilEnded(missing.id)).error).toMatch(
      /^There is no encoder named no-such-encoder\. This worker has vit, loupe\.$/u,
    );
    expect(await untilEnded(impossible.id)).toMatchObject({ status: "failed" });
  }, 300_000);
});
