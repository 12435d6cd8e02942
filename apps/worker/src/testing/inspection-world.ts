import { join } from "node:path";

import { isFinalRunStatus, type InspectionId } from "@loupe/contracts";
import type { Database } from "@loupe/db";

import { drawPart } from "./draw-part.ts";
import { aTrainingWorld, startRun, type TrainingWorld } from "./training-world.ts";
import { waitUntil } from "./wait-until.ts";
import { WorkerProcess } from "./worker-process.ts";

/** A project with an active model version that a worker has trained. */
export async function aScoredWorld(db: Database, parent: string): Promise<TrainingWorld> {
  const world = await aTrainingWorld(db, parent);
  const { id } = await startRun(world, { steps: 12 });
  const worker = new WorkerProcess({ url: db.url, home: world.home });
  await waitUntil("the model", async () => {
    const run = await db.runs.find(id);
    if (run?.status === "failed") throw new Error(`The training failed: ${run.error ?? ""}`);
    return run !== null && isFinalRunStatus(run.status);
  });
  await worker.kill("SIGTERM");
  return world;
}

export type InspectionPictures = { readonly images: number; readonly seed: number };

/** A queued inspection of drawn parts, different ones for each seed, under the active version. */
export async function anInspectionOf(
  { db, blobs, projectId, engineer }: TrainingWorld,
  { images, seed }: InspectionPictures,
): Promise<InspectionId> {
  const model = await db.models.active(projectId);
  if (model === null) throw new Error("Expected a world with an active model version");
  const inspection = await db.inspections.create({
    projectId,
    modelVersionId: model.id,
    createdById: engineer,
  });
  for (let at = 0; at < images; at++) {
    const bytes = await drawPart({ seed: 10_000 * seed + at });
    const fileName = `${at}.png`;
    const { image } = await db.images.create({
      projectId,
      category: "washer",
      sha256: await blobs.putBytes(bytes),
      fileName,
      sourcePath: join("inspected", fileName),
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
