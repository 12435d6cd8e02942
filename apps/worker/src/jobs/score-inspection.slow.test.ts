import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { InspectionId, ModelVersionView, ProjectEventBody } from "@loupe/contracts";
import { decodeAnomalyMap } from "@loupe/contracts";
import { aHash, testDatabase } from "@loupe/db/testing";
import { createLogger, isWaiting } from "@loupe/platform";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";

import { clock } from "../clock.ts";
import { DetectorCache } from "../serving/detector-cache.ts";
import { drawPart } from "../testing/draw-part.ts";
import { hearTelemetry } from "../testing/hear-telemetry.ts";
import { scratchFolder } from "../testing/scratch-folder.ts";
import { aTrainingWorld, startRun, type TrainingWorld } from "../testing/training-world.ts";
import { waitUntil } from "../testing/wait-until.ts";
import { TINY_ENCODERS } from "../testing/worker-process.ts";
import { TelemetryNotifier } from "../telemetry/telemetry-notifier.ts";
import { TrainingWatch } from "../training/training-watch.ts";
import type { WorkerServices } from "../worker-services.ts";
import { scoreInspection } from "./score-inspection.ts";
import { trainRun } from "./train-run.ts";

const database = testDatabase();
const scratch = scratchFolder();
const logger = createLogger("test", { level: "silent" });
const detectors = new DetectorCache();

let world: TrainingWorld;
let services: WorkerServices;
let model: ModelVersionView;

beforeAll(async () => {
  process.env.LOUPE_ENCODERS = TINY_ENCODERS;
  const { db } = database;
  world = await aTrainingWorld(db, scratch.path);
  const folders = {
    features: join(world.home, "cache", "features"),
    runs: join(world.home, "runs"),
    scratch: join(world.home, "scratch"),
  };
  services = {
    workerId: "tested",
    devices: () => [{ provider: "cpu", device: "Two cores" }],
    db,
    blobs: world.blobs,
    folders,
    signingKeyFile: join(world.home, "signing-key"),
    detectors,
    trainings: new TrainingWatch(),
    telemetry: new TelemetryNotifier({ sql: db.pool, logger }),
    logger,
    refreshEncoders: () => Promise.resolve(),
  };
  const run = await startRun(world, { steps: 30 });
  await trainRun(services, { runId: run.id }, delivery());
  model = (await db.models.active(world.projectId))!;
}, 120_000);

afterAll(async () => {
  await detectors.close();
});

function delivery(signal = new AbortController().signal) {
  return { jobId: "1", attempt: 1, isLastAttempt: false, signal, logger };
}

/** An inspection of drawn parts; a null stands for a blob that is no picture. */
async function anInspection(pictures: readonly (Buffer | null)[]): Promise<InspectionId> {
  const { db, blobs, projectId, engineer } = world;
  const inspection = await db.inspections.create({
    projectId,
    modelVersionId: model.id,
    createdById: engineer,
  });
  for (const [at, picture] of pictures.entries()) {
    const bytes = picture ?? Buffer.from(`no picture ${aHash()}`);
    const { image } = await db.images.create({
      projectId,
      category: "washer",
      sha256: await blobs.putBytes(bytes),
      fileName: `new-${at}.png`,
      sourcePath: `new-${at}.png`,
      sizeBytes: bytes.length,
      width: 48,
      height: 48,
      label: "unknown",
      defectType: null,
      split: null,
      origin: "inspection",
    });
    await db.inspections.addImage(inspection.id, image.id);
  }
  await db.inspections.markQueued(inspection.id);
  return inspection.id;
}

async function eventsAfter(sequence: number): Promise<ProjectEventBody[]> {
  const events = await world.db.events.listAfter(world.projectId, sequence, 1000);
  return events.map(({ body }) => body);
}

describe("an inspection", () => {
  const bad = { x: 8, y: 8, side: 14 };

  test("scores its images, opens a case for each and tells so", async () => {
    const { db, blobs, projectId } = world;
    const before = await db.events.newestSequence(projectId);
    const heard = await hearTelemetry(database.url);
    onTestFinished(() => heard.close());
    const id = await anInspection([
      await drawPart({ seed: 901 }),
      await drawPart({ seed: 902, defect: bad }),
    ]);
    await scoreInspection(services, { inspectionId: id }, delivery());

    expect(await db.inspections.require(id, projectId)).toMatchObject({
      status: "succeeded",
      imagesDone: 2,
      imagesTotal: 2,
      error: null,
    });
    const { rows } = await db.cases.list({
      projectId,
      state: "undecided",
      inspectionId: id,
      limit: 10,
    });
    expect(rows.map(({ fileName }) => fileName)).toEqual(["new-1.png", "new-0.png"]);
    expect(rows[0]!.score).toBeGreaterThan(rows[1]!.score);
    const { mapKey } = await db.predictions.requireMap(rows[0]!.predictionId);
    const map = decodeAnomalyMap(await blobs.readBytes(mapKey));
    expect(map.values.length).toBe(32 * 32);

    const isTold = () => heard.bodies("inspection.images").at(-1)?.imagesDone === 2;
    await waitUntil("the last image", () => Promise.resolve(isTold()));
    const told = await eventsAfter(before);
    expect(told.at(-1)).toMatchObject({
      type: "inspection.status",
      status: "succeeded",
      imagesDone: 2,
    });
    const named = told.flatMap((body) =>
      body.type === "cases.changed" ? (body.caseIds ?? []) : [],
    );
    expect(new Set(named)).toEqual(new Set(rows.map((row) => row.id)));
  });

  test("a delivery again changes nothing that people see", async () => {
    const { db, projectId } = world;
    const id = await anInspection([await drawPart({ seed: 903 })]);
    const stop = new AbortController();
    stop.abort(new Error("the worker stops"));
    await expect(
      scoreInspection(services, { inspectionId: id }, delivery(stop.signal)),
    ).rejects.toThrow("the worker stops");
    await scoreInspection(services, { inspectionId: id }, delivery());
    const list = () => db.cases.list({ projectId, state: "all", inspectionId: id, limit: 10 });
    const first = await list();
    expect(first.rows).toHaveLength(1);
    await scoreInspection(services, { inspectionId: id }, delivery());
    expect(await list()).toEqual(first);
  });

  test("cancelled in the middle of its scoring it ends quietly and leaves nothing", async () => {
    const { db, projectId } = world;
    const pictures = [];
    for (let seed = 920; seed < 932; seed++) pictures.push(await drawPart({ seed }));
    const before = (await db.cases.list({ projectId, state: "all", limit: 1 })).counts;
    const id = await anInspection(pictures);
    const job = scoreInspection(services, { inspectionId: id }, delivery());
    await waitUntil("the scoring", async () => {
      return (await db.inspections.require(id, projectId)).status === "scoring";
    });
    const { inspection } = await db.inspections.cancel(id, projectId);
    expect(inspection).toMatchObject({ status: "cancelled", imagesTotal: 0 });
    await job;
    expect(await db.inspections.require(id, projectId)).toEqual(inspection);
    expect((await db.cases.list({ projectId, state: "all", limit: 1 })).counts).toEqual(before);
    expect(await db.inspections.images(id)).toEqual([]);
  });

  test("whose turn is over leaves the rest to a job that waits behind others", async () => {
    const { db, projectId } = world;
    const pictures = [];
    for (let seed = 940; seed < 958; seed++) pictures.push(await drawPart({ seed }));
    const id = await anInspection(pictures);
    const waiting = () => isWaiting(db.pool, "inspection.score", { inspectionId: id });
    let nowMs = 0;
    const hasty = { ...clock, nowMs: () => (nowMs += 15_000) };
    await scoreInspection({ ...services, clock: hasty }, { inspectionId: id }, delivery());
    expect(await db.inspections.require(id, projectId)).toMatchObject({
      status: "scoring",
      imagesDone: 16,
    });
    expect(await waiting()).toBe(true);
    await scoreInspection(services, { inspectionId: id }, delivery());
    expect(await db.inspections.require(id, projectId)).toMatchObject({
      status: "succeeded",
      imagesDone: 18,
    });
  });

  test("one picture that cannot be read does not stop the others", async () => {
    const { db, projectId } = world;
    const id = await anInspection([null, await drawPart({ seed: 904 })]);
    await scoreInspection(services, { inspectionId: id }, delivery());
    expect(await db.inspections.require(id, projectId)).toMatchObject({
      status: "succeeded",
      imagesDone: 2,
    });
    const images = await db.inspections.images(id);
    expect(images.map(({ fileName, error }) => [fileName, error !== null])).toEqual(
      expect.arrayContaining([
        ["new-0.png", true],
        ["new-1.png", false],
      ]),
    );
  });

  test("a model is signed, and one whose file was rewritten scores nothing", async () => {
    const { db, projectId } = world;
    const { sha256 } = await db.models.requireFile(model.id);
    const path = join(world.home, "blobs", "sha256", sha256.slice(0, 2), sha256);
    const whole = await readFile(path);
    expect(whole.includes('"loupe.signature":"ed25519 ')).toBe(true);
    const changed = Buffer.from(whole);
    changed[whole.length - 1] = (changed[whole.length - 1] ?? 0) ^ 1;
    await writeFile(path, changed);
    const id = await anInspection([await drawPart({ seed: 906 })]);
    await scoreInspection(services, { inspectionId: id }, delivery());
    await writeFile(path, whole);
    expect(await db.inspections.require(id, projectId)).toMatchObject({
      status: "failed",
      error: expect.stringContaining("its bytes have changed since") as string,
    });
  });

  test("a model whose encoder is gone fails the inspection with a sentence", async () => {
    const { db, projectId } = world;
    await detectors.close();
    process.env.LOUPE_ENCODERS = join(scratch.path, "nowhere");
    const id = await anInspection([await drawPart({ seed: 905 })]);
    await scoreInspection(services, { inspectionId: id }, delivery());
    process.env.LOUPE_ENCODERS = TINY_ENCODERS;
    const view = await db.inspections.require(id, projectId);
    expect(view.status).toBe("failed");
    expect(view.error).toMatch(/the encoder vit .*this model.*LOUPE_ENCODERS/u);
  });
});
