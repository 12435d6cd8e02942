import { randomUUID } from "node:crypto";
import { join } from "node:path";

import type { DatasetVersionView, RunView, StartRunInput } from "@loupe/contracts";
import type { Database } from "@loupe/db";
import { aWorld, type World } from "@loupe/db/testing";
import { enqueue, openFileBlobStore, type BlobStore } from "@loupe/platform";

import { drawMask, drawPart } from "./draw-part.ts";

const TRAIN_IMAGES = 8;
const TEST_GOOD = 3;
const DEFECT_KINDS = ["scratch", "stain"] as const;
const DEFECTS_A_KIND = 2;

/** A project with a frozen dataset of drawn parts, in a home of its own. */
export type TrainingWorld = World & {
  readonly db: Database;
  readonly home: string;
  readonly blobs: BlobStore;
  readonly version: DatasetVersionView;
  readonly testImages: number;
};

export async function aTrainingWorld(db: Database, parent: string): Promise<TrainingWorld> {
  const home = join(parent, randomUUID());
  const blobs = await openFileBlobStore(join(home, "blobs"));
  const world = await aWorld(db);
  const storing = { db, blobs, world };
  for (let i = 0; i < TRAIN_IMAGES; i++) await storePart(storing, { seed: i, split: "train" });
  for (let i = 0; i < TEST_GOOD; i++) await storePart(storing, { seed: 100 + i, split: "test" });
  for (const [at, kind] of DEFECT_KINDS.entries()) {
    for (let i = 0; i < DEFECTS_A_KIND; i++) {
      await storePart(storing, { seed: 200 + 10 * at + i, split: "test", kind });
    }
  }
  const { version } = await db.datasets.freeze({
    projectId: world.projectId,
    createdById: world.engineer,
  });
  const testImages = TEST_GOOD + DEFECT_KINDS.length * DEFECTS_A_KIND;
  return { ...world, db, home, blobs, version, testImages };
}

type Storing = { readonly db: Database; readonly blobs: BlobStore; readonly world: World };
type Part = { readonly seed: number; readonly split: "train" | "test"; readonly kind?: string };

async function storePart({ db, blobs, world }: Storing, part: Part): Promise<void> {
  const { seed, split, kind } = part;
  const defect = { x: 6 + (seed % 20), y: 8 + (seed % 17), side: 10 };
  const drawing = { seed, ...(kind !== undefined && { defect }) };
  const bytes = await drawPart(drawing);
  const { image } = await db.images.create({
    projectId: world.projectId,
    category: "washer",
    sha256: await blobs.putBytes(bytes),
    fileName: `${seed}.png`,
    sourcePath: `washer/${split}/${kind ?? "good"}/${seed}.png`,
    sizeBytes: bytes.length,
    width: 48,
    height: 48,
    label: kind === undefined ? "good" : "defective",
    defectType: kind ?? null,
    split,
  });
  if (kind === undefined) return;
  await db.masks.create({
    imageId: image.id,
    sha256: await blobs.putBytes(await drawMask(drawing)),
  });
}

/** A queued run with its job, as the web app would start it. */
export async function startRun(
  { db, organisationId, projectId, engineer, version }: TrainingWorld,
  settings: Partial<StartRunInput> = {},
): Promise<RunView> {
  return db.transaction(async (tx) => {
    const { run } = await tx.runs.create({
      projectId,
      datasetVersionId: version.id,
      createdById: engineer,
      method: "rd",
      encoder: "vit",
      steps: 40,
      batch: 2,
      seed: 3,
      provider: "cpu",
      settings: { width: 64 },
      idempotencyKey: randomUUID(),
      ...settings,
    });
    await enqueue(tx.sql, { name: "run.train", organisationId }, { runId: run.id });
    return run;
  });
}
