/**
 * @file What hostile archives do to others: `npm run -s bench:hostile [-- --archives N]`.
 *
 * Starts a database and one worker, trains for one organisation, and meanwhile imports every
 * hostile archive for another one. Prints one JSON object: the training's steps a second with and
 * without the imports in turn, how the imports ended, whether the worker lived, and what was left.
 */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

import type { ImportId, RunId } from "@loupe/contracts";
import { openDatabase } from "@loupe/db";
import { aWorld, startTestServer } from "@loupe/db/testing";
import { enqueue, migrateQueue } from "@loupe/platform";

import { hostileArchives } from "../../apps/worker/src/testing/hostile-archives.ts";
import { uploadZip, type ImportWorld } from "../../apps/worker/src/testing/import-world.ts";
import { aTrainingWorld, startRun } from "../../apps/worker/src/testing/training-world.ts";
import { WorkerProcess } from "../../apps/worker/src/testing/worker-process.ts";
import { describeMachine } from "../machine.ts";
import { median } from "../median.ts";

/** Archives of one wave; before and after each, the training is measured alone. */
const WAVE = 12;
const ALONE_MS = 10_000;
const POLL_MS = 100;

const { values } = parseArgs({ options: { archives: { type: "string" } } });
const most = Number(values.archives ?? Number.MAX_SAFE_INTEGER);

const home = await mkdtemp(join(tmpdir(), "loupe-bench-hostile-"));
const server = await startTestServer();
const db = await openDatabase(server.templateUrl);
await migrateQueue(db.pool);
try {
  process.stdout.write(`${JSON.stringify(await measure())}\n`);
} finally {
  await WorkerProcess.killAll();
  await db.close();
  await server.stop();
  await rm(home, { recursive: true, force: true });
}

async function measure(): Promise<object> {
  const training = await aTrainingWorld(db, home);
  const attacker: ImportWorld = {
    ...(await aWorld(db)),
    db,
    folder: training.home,
    blobs: training.blobs,
  };
  const worker = new WorkerProcess({ url: db.url, home: training.home });
  let hasDied = false;
  void worker.exited.then(() => (hasDied = true));
  const { id: runId } = await startRun(training, { steps: 1_000_000, settings: { width: 256 } });
  await until(async () => (await stepOf(runId)) > 20);

  const archives = (await hostileArchives(3)).slice(0, most);
  const rates: { alone: number[]; beside: number[] } = { alone: [], beside: [] };
  const ratios: number[] = [];
  const imports: ImportId[] = [];
  let before = await rateWhile(runId, () => sleep(ALONE_MS));
  rates.alone.push(before);
  for (let at = 0; at < archives.length; at += WAVE) {
    const wave: ImportId[] = [];
    for (const { bytes } of archives.slice(at, at + WAVE))
      wave.push(await startImport(attacker, bytes));
    const beside = await rateWhile(runId, () => untilEnded(wave));
    const after = await rateWhile(runId, () => sleep(ALONE_MS));
    rates.beside.push(beside);
    rates.alone.push(after);
    ratios.push(beside / ((before + after) / 2));
    before = after;
    imports.push(...wave);
  }
  const run = await db.runs.find(runId);
  return {
    bench: "hostile",
    archives: archives.length,
    ended: await countEnds(imports),
    workerLived: !hasDied && run?.status === "training",
    left: await listLeft(training.home),
    stepsPerSecond: { alone: median(rates.alone), beside: median(rates.beside) },
    ratio: { median: median(ratios), worst: Math.min(...ratios), ofWaves: ratios },
    machine: describeMachine(),
  };
}

async function startImport(world: ImportWorld, bytes: Uint8Array): Promise<ImportId> {
  const importId = await uploadZip(world, bytes);
  const { organisationId } = world;
  await enqueue(db.pool, { name: "dataset.import", organisationId }, { importId });
  return importId;
}

async function stepOf(runId: RunId): Promise<number> {
  const run = await db.runs.find(runId);
  if (run?.status === "failed") throw new Error(`The training failed: ${run.error ?? ""}`);
  return run?.step ?? 0;
}

/** Steps a second of the training while something else goes on. */
async function rateWhile(runId: RunId, work: () => Promise<unknown>): Promise<number> {
  const [startedAt, first] = [performance.now(), await stepOf(runId)];
  await work();
  return ((await stepOf(runId)) - first) / ((performance.now() - startedAt) / 1000);
}

async function untilEnded(imports: readonly ImportId[]): Promise<void> {
  for (const importId of imports) {
    await until(async () => {
      const view = await db.imports.find(importId);
      return view !== null && view.finishedAt !== null;
    });
  }
}

/** How many ended in which way; an end without a sentence counts as its own. */
async function countEnds(imports: readonly ImportId[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const importId of imports) {
    const view = await db.imports.find(importId);
    const isTold = view?.status === "succeeded" || (view?.error ?? "").endsWith(".");
    const end = isTold ? (view?.status ?? "") : "without a sentence";
    counts[end] = (counts[end] ?? 0) + 1;
  }
  return counts;
}

/** Files of imports that are still there a moment after all have ended. */
async function listLeft(folder: string): Promise<string[]> {
  await sleep(1_000);
  const areas = ["blobs/uploads", "blobs/temporary", "scratch"].map((area) => join(folder, area));
  return (await Promise.all(areas.map((area) => readdir(area)))).flat();
}

async function until(isDone: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 600_000;
  while (!(await isDone())) {
    if (Date.now() > deadline) throw new Error("Waited for ten minutes in vain.");
    await sleep(POLL_MS);
  }
}
