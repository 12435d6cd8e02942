import { join } from "node:path";

import { ACTIVE_MODEL_RANK, type CaseRow, type ModelVersionView } from "@loupe/contracts";
import { aCase, aHash, testDatabase } from "@loupe/db/testing";
import { createLogger } from "@loupe/platform";
import { afterAll, beforeAll, expect, test } from "vitest";

import { DetectorCache } from "../serving/detector-cache.ts";
import { drawPart } from "../testing/draw-part.ts";
import { scratchFolder } from "../testing/scratch-folder.ts";
import { aTrainingWorld, startRun, type TrainingWorld } from "../testing/training-world.ts";
import { TINY_ENCODERS } from "../testing/worker-process.ts";
import { TelemetryNotifier } from "../telemetry/telemetry-notifier.ts";
import { TrainingWatch } from "../training/training-watch.ts";
import type { WorkerServices } from "../worker-services.ts";
import { rescoreCases } from "./rescore-cases.ts";
import { trainRun } from "./train-run.ts";

const database = testDatabase();
const scratch = scratchFolder();
const logger = createLogger("test", { level: "silent" });
const detectors = new DetectorCache();

let world: TrainingWorld;
let services: WorkerServices;

beforeAll(async () => {
  process.env.LOUPE_ENCODERS = TINY_ENCODERS;
  const { db } = database;
  world = await aTrainingWorld(db, scratch.path);
  services = {
    workerId: "tested",
    devices: () => [{ provider: "cpu", device: "Two cores" }],
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
    refreshEncoders: () => Promise.resolve(),
  };
});

afterAll(() => detectors.close());

function delivery(signal = new AbortController().signal) {
  return { jobId: "1", attempt: 1, isLastAttempt: false, signal, logger };
}

async function train(seed: number): Promise<ModelVersionView> {
  const run = await startRun(world, { steps: 20, seed });
  await trainRun(services, { runId: run.id }, delivery());
  const [newest] = await database.db.models.list(world.projectId);
  return newest!;
}

async function queue(): Promise<CaseRow[]> {
  const { projectId } = world;
  return (await database.db.cases.list({ projectId, state: "all", limit: 200 })).rows;
}

/** A case of a new picture, scored by a version, as an inspection leaves it. */
async function inspected(model: ModelVersionView, seed: number): Promise<CaseRow> {
  const { db } = database;
  const bytes = await drawPart({ seed });
  const { image } = await db.images.create({
    projectId: world.projectId,
    category: "washer",
    sha256: await world.blobs.putBytes(bytes),
    fileName: `${seed}.png`,
    sourcePath: `${seed}.png`,
    sizeBytes: bytes.length,
    width: 48,
    height: 48,
    label: "unknown",
    defectType: null,
    split: null,
    origin: "inspection",
  });
  return aCase(db, world, { model, imageId: image.id, category: "washer" });
}

test("a later run leaves the queue alone until it is made active, and then all of it is scored anew", async () => {
  const { db } = database;
  const { projectId } = world;
  const first = await train(1);
  const before = await queue();
  expect(before).toHaveLength(world.testImages);
  expect(before.every(({ modelRank }) => modelRank === ACTIVE_MODEL_RANK)).toBe(true);

  const second = await train(2);
  expect([first.isActive, second.isActive]).toEqual([true, false]);
  expect(await queue()).toEqual(before);
  const scores = await db.evaluations.scores(second.id, world.version.id);
  expect(scores).toHaveLength(world.testImages);

  const fresh = [await inspected(first, 901), await inspected(first, 902)];
  const broken = await db.images.create({
    projectId,
    category: "washer",
    sha256: await world.blobs.putBytes(Buffer.from(`no picture ${aHash()}`)),
    fileName: "broken.png",
    sourcePath: "broken.png",
    sizeBytes: 1,
    width: 48,
    height: 48,
    label: "unknown",
    defectType: null,
    split: null,
    origin: "inspection",
  });
  const lost = await aCase(db, world, {
    model: first,
    imageId: broken.image.id,
    category: "washer",
  });
  const { moved, remaining } = await db.models.activate(second.id, projectId);
  expect({ moved, remaining }).toEqual({ moved: world.testImages, remaining: 3 });

  // A worker that is stopped at once changes nothing, and the next one goes on.
  const stop = new AbortController();
  stop.abort(new Error("the worker stops"));
  const payload = { modelVersionId: second.id };
  await expect(rescoreCases(services, payload, delivery(stop.signal))).rejects.toThrow(
    "the worker stops",
  );
  await rescoreCases(services, payload, delivery());
  const after = new Map((await queue()).map((row) => [row.id, row]));
  for (const row of fresh) {
    expect(after.get(row.id)).toMatchObject({
      modelVersionId: second.id,
      modelRank: ACTIVE_MODEL_RANK,
      version: row.version + 1,
    });
  }
  // What cannot be read stays where it was, after the others.
  expect(after.get(lost.id)).toMatchObject({ modelVersionId: first.id, modelRank: first.number });
  expect([...after.keys()].at(-1)).toBe(lost.id);

  const project = await db.projects.require(projectId, world.organisationId);
  expect(project.activeModel?.isRescoring).toBe(false);
  const events = await db.events.listAfter(projectId, 0, 1_000);
  expect(events.at(-1)?.body).toEqual({
    type: "model.activated",
    modelVersionId: second.id,
    isRescoring: false,
  });

  // Delivered again, or for a version that is active no more, it finds nothing to change.
  await rescoreCases(services, payload, delivery());
  await rescoreCases(services, { modelVersionId: first.id }, delivery());
  expect(new Map((await queue()).map((row) => [row.id, row]))).toEqual(after);
}, 120_000);
