import { appendFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";

import { TINY_DEMO, type DemoWorldId } from "@loupe/contracts";
import { seedDemo as seedDatabase, type Database } from "@loupe/db";
import { withDatabase } from "@loupe/db/testing";
import { createLogger, openFileBlobStore, type BlobStore } from "@loupe/platform";
import { expect, test } from "vitest";

import { scratchFolder } from "../testing/scratch-folder.ts";
import { freezeDataset } from "./freeze-dataset.ts";
import { importDataset } from "./import-dataset.ts";
import { seedDemo } from "./seed-demo.ts";
import { TelemetryNotifier } from "../telemetry/telemetry-notifier.ts";

const scratch = scratchFolder();
const delivery = {
  signal: new AbortController().signal,
  isLastAttempt: false,
  logger: createLogger("test", { level: "silent" }),
};

type Stage = {
  readonly id: DemoWorldId;
  readonly blobs: BlobStore;
  /** The worker's folder of short-lived files. */
  readonly scratch: string;
  /** Deliver the demo's job once. */
  seed(signal?: AbortSignal): Promise<void>;
  /** Deliver the import that the demo waits for. */
  importPictures(): Promise<void>;
  /** Deliver the freeze that the demo waits for. */
  freezeVersion(): Promise<void>;
  progress(): ReturnType<Database["demoWorlds"]["find"]>;
};

async function aStage(db: Database, name: string): Promise<Stage> {
  await seedDatabase(db, "tiny");
  const [id] = await db.demoWorlds.listUnfinished();
  if (id === undefined) throw new Error("Expected an unfinished demo");
  const home = join(scratch.path, name);
  const folders = {
    features: join(home, "features"),
    runs: join(home, "runs"),
    scratch: join(home, "scratch"),
  };
  const blobs = await openFileBlobStore(join(home, "blobs"));
  const services = { workerId: "tested", db, folders, blobs };
  const progress = () => db.demoWorlds.find(id);
  return {
    id,
    blobs,
    scratch: folders.scratch,
    progress,
    seed: (signal = delivery.signal) =>
      seedDemo(services, { demoWorldId: id }, { ...delivery, signal }),
    importPictures: async () => {
      const importId = (await progress())?.importId;
      if (importId == null) throw new Error("Expected the demo to wait for an import");
      const telemetry = new TelemetryNotifier({ sql: db.pool, logger: delivery.logger });
      await importDataset({ ...services, telemetry }, { importId }, delivery);
    },
    freezeVersion: async () => {
      const { projectId } = (await progress())!;
      const [freeze] = await db.freezes.list(projectId);
      await freezeDataset(services, { freezeId: freeze!.id }, delivery);
    },
  };
}

async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
}

async function waitingJobs(db: Database, task: string): Promise<number> {
  const { rows } = await db.pool.query<{ count: number }>(
    `select count(*)::int from graphile_worker.jobs where task_identifier = $1`,
    [task],
  );
  return rows[0]?.count ?? 0;
}

test("pictures come by the ordinary import, and without an encoder a sentence says what is missing", async () => {
  await withDatabase(async (db) => {
    const stage = await aStage(db, "without");
    await stage.seed();
    expect(await stage.progress()).toMatchObject({ phase: "importing", uploadKey: null });
    expect(await waitingJobs(db, "dataset.import")).toBe(1);
    // Delivered once too often, such as by the next start: nothing is rendered again.
    await stage.seed();

    await stage.importPictures();
    const { projectId } = (await stage.progress())!;
    await stage.seed();
    await stage.seed();
    // It looks again in a while, once, however often it has been delivered.
    expect(await waitingJobs(db, "demo.seed")).toBe(1);
    expect(await waitingJobs(db, "dataset.freeze")).toBe(1);
    await stage.freezeVersion();
    await stage.seed();

    const { train, good, defective } = TINY_DEMO.counts;
    expect(await db.images.countByCategory(projectId)).toMatchObject([
      {
        category: "gasket",
        trainGood: train,
        testGood: good,
        testDefective: defective,
        masks: defective,
      },
    ]);
    expect(await db.datasets.list(projectId)).toMatchObject([{ number: 1, trainImages: train }]);
    expect(await stage.progress()).toMatchObject({ phase: "training", runId: null });
    expect((await stage.progress())?.problem).toMatch(/no encoder.*LOUPE_ENCODERS/);

    const encoder = {
      kind: "conv" as const,
      inputSize: 64,
      channels: [8, 8, 8],
      grid: 4,
      gigaMacsPerImage: 0.1,
      family: "tiny",
      layerNames: [],
      textWidth: null,
      transformer: null,
    };
    await db.workers.register({
      id: "worker",
      name: "worker",
      providers: ["cpu"],
      devices: [],
      graphileIds: [],
      encoders: [
        { ...encoder, name: "large", sizeBytes: 900 },
        { ...encoder, name: "small", sizeBytes: 100 },
      ],
    });
    await stage.seed();
    await stage.seed();
    expect(await db.runs.list(projectId)).toMatchObject([
      { method: "rd", encoder: "small", status: "queued" },
      { method: "bank", encoder: "small", status: "queued" },
    ]);
    expect(await waitingJobs(db, "run.train")).toBe(2);
    expect((await stage.progress())?.problem).toBeNull();

    const [run] = await db.runs.list(projectId);
    await db.runs.requestCancel(run!.id, projectId);
    await stage.seed();
    expect(await stage.progress()).toMatchObject({ phase: "done" });
    expect((await stage.progress())?.problem).toMatch(/Run 2 was cancelled/);
  });
}, 120_000);

test("an organisation that is removed meanwhile takes its demo along", async () => {
  await withDatabase(async (db) => {
    const stage = await aStage(db, "removed");
    const seeding = stage.seed();
    while (((await stage.progress())?.done ?? 0) === 0)
      await new Promise((next) => setTimeout(next, 50));
    await db.pool.query(`delete from "organization"`);
    await seeding;
    expect(await stage.progress()).toBeNull();
    await stage.seed();
    expect(await waitingJobs(db, "dataset.import")).toBe(0);
  });
}, 60_000);

test("stopping in the middle of rendering leaves a demo that goes on where it was", async () => {
  await withDatabase(async (db) => {
    const stage = await aStage(db, "stopped");
    const stop = new AbortController();
    const seeding = stage.seed(stop.signal);
    seeding.catch(() => undefined);
    while (((await stage.progress())?.done ?? 0) === 0)
      await new Promise((next) => setTimeout(next, 50));
    stop.abort();
    await expect(seeding).rejects.toThrow(/abort/);
    const rendered = (await listFiles(stage.scratch)).find((file) => file.endsWith(".jpg"));
    // Marked, so that it can be told from one that is rendered anew.
    await appendFile(rendered!, "mark");
    await stage.seed();
    const { phase, problem, importId } = (await stage.progress())!;
    expect({ phase, problem }).toEqual({ phase: "importing", problem: null });
    const { uploadKey } = (await db.imports.claim(importId!))!;
    const uploaded = await stage.blobs.withUpload(uploadKey, async (upload) => {
      const contents: Buffer[] = [];
      if (upload.kind === "file") return contents;
      for await (const { open } of upload.files) contents.push(await buffer(open()));
      return contents;
    });
    expect(uploaded.length).toBeGreaterThan(1);
    expect(uploaded.filter((content) => content.subarray(-4).toString() === "mark")).toHaveLength(
      1,
    );
    expect(await listFiles(stage.scratch)).toEqual([]);
  });
}, 120_000);
