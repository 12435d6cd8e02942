import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

import { isAppError } from "@loupe/contracts";
import { renderDemoWorld } from "@loupe/demo-world";
import { enqueue, recordEvent } from "@loupe/platform";

import {
  begin,
  changeDemo,
  findMaker,
  giveUp,
  type DemoJob,
  type PhaseOutcome,
} from "./demo-job.ts";
import { renderingThreads } from "./rendering-threads.ts";

/** Progress is news at most this often. */
const PROGRESS_EVERY_MS = 700;
/** What the import is called where a person would read the name of their folder. */
const FOLDER_NAME = "demo-world";

/** Render the demo's pictures into the upload area, as if someone had dropped a folder. */
export async function renderPictures(job: DemoJob): Promise<PhaseOutcome> {
  const { services, world } = job;
  const createdById = findMaker(job.people);
  if (createdById === null) return giveUp(job, NOBODY);
  const { key, folder } = await uploadFolder(job);
  await renderAll(job, folder);
  const sizeBytes = await folderBytes(folder);
  await services.db.transaction(async (tx) => {
    const { projectId, organisationId } = world;
    const row = await tx.imports.create({
      projectId,
      createdById,
      fileName: FOLDER_NAME,
      sizeBytes,
      uploadKey: key,
    });
    const job = { name: "dataset.import", organisationId, resource: projectId } as const;
    await enqueue(tx.sql, job, { importId: row.id });
    const { id: importId, status, filesDone, filesTotal } = row;
    await recordEvent(tx, {
      projectId,
      body: { type: "import.progress", importId, status, filesDone, filesTotal },
      actorId: createdById,
    });
    await changeDemo(tx, world, begin("importing", { importId, uploadKey: null }));
  });
  return "goes on";
}

const NOBODY =
  "The demo stopped, since nobody in the organisation may import data. Import pictures yourself.";

/** The folder of this demo: that of an earlier delivery where it is still there, else a new one. */
async function uploadFolder({
  services: { db, blobs },
  world,
}: DemoJob): Promise<{ key: string; folder: string }> {
  if (world.uploadKey !== null) {
    const key = world.uploadKey;
    const folder = await blobs.uploadPath(key).catch((error: unknown) => {
      if (isAppError(error) && error.code === "NOT_FOUND") return null;
      throw error;
    });
    if (folder !== null) return { key, folder };
  }
  const { key } = await blobs.createUploadFolder();
  await db.transaction((tx) => changeDemo(tx, world, { uploadKey: key }));
  return { key, folder: await blobs.uploadPath(key) };
}

async function renderAll({ services, world, signal }: DemoJob, dir: string): Promise<void> {
  const { seed, size, products, counts } = world.plan;
  const threads = renderingThreads();
  const pictures = { dir, seed, size, products, counts };
  let toldAt = 0;
  for await (const { done, total } of renderDemoWorld({
    ...pictures,
    threads,
    isResumed: true,
    signal,
  })) {
    if (Date.now() - toldAt < PROGRESS_EVERY_MS && done < total) continue;
    toldAt = Date.now();
    await services.db.transaction((tx) => changeDemo(tx, world, { done, total }));
  }
}

async function folderBytes(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => (await stat(join(entry.parentPath, entry.name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
