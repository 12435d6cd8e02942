import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";

import { renderDemoWorld } from "@loupe/demo-world";
import { enqueue, recordEvent, type UploadFolder } from "@loupe/platform";

import { keptScratchFolder, removeScratch } from "../importing/with-scratch-folder.ts";
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

/** Render the demo's pictures and bring them into the upload area, as if someone had dropped a folder. */
export async function renderPictures(job: DemoJob): Promise<PhaseOutcome> {
  const { services, world } = job;
  const createdById = findMaker(job.people);
  if (createdById === null) return giveUp(job, NOBODY);
  // What was rendered before this delivery stays and is not rendered again.
  const rendered = await keptScratchFolder(services.folders.scratch, world.id);
  await renderAll(job, rendered);
  const { key, sizeBytes } = await upload(job, rendered);
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
      body: { type: "import.status", importId, status, filesDone, filesTotal },
      actorId: createdById,
    });
    await changeDemo(tx, world, begin("importing", { importId, uploadKey: null }));
  });
  await removeScratch(services.folders.scratch, world.id);
  return "goes on";
}

const NOBODY =
  "The demo stopped, since nobody in the organisation may import data. Import pictures yourself.";

/** A new folder of uploads with all that was rendered, instead of one that broke off. */
async function upload(
  { services: { db, blobs }, world, signal }: DemoJob,
  rendered: string,
): Promise<Pick<UploadFolder, "key" | "sizeBytes">> {
  if (world.uploadKey !== null) await blobs.deleteUpload(world.uploadKey);
  const folder = blobs.createUploadFolder();
  await db.transaction((tx) => changeDemo(tx, world, { uploadKey: folder.key }));
  for (const entry of await readdir(rendered, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    signal.throwIfAborted();
    const path = join(entry.parentPath, entry.name);
    const below = relative(rendered, path).split(sep).join("/");
    await folder.add(below, createReadStream(path), { maxBytes: Number.MAX_SAFE_INTEGER });
  }
  return folder;
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
