import { recordCasesChanged } from "@loupe/application";
import { type ContentHash, type ImageId, type ModelVersionId } from "@loupe/contracts";
import type { ClaimedInspection, NewCase, Transaction } from "@loupe/db";
import { recordEvent } from "@loupe/platform";

import type { MapBytes } from "../compute/compute-tasks.ts";
import type { WorkerServices } from "../worker-services.ts";

export type ScoredImage = {
  readonly imageId: ImageId;
  readonly category: string;
  readonly score: number;
  readonly map: MapBytes;
};

/** One whose map is in the blob store. */
export type StoredScore = Omit<ScoredImage, "map"> & { readonly mapKey: ContentHash };

export type ScoredBatch = {
  readonly scored: readonly ScoredImage[];
  readonly failed: readonly { readonly imageId: ImageId; readonly error: string }[];
};

/** Put the maps of scored images into the blob store, before the rows that name them. */
export async function storeMaps(
  blobs: WorkerServices["blobs"],
  images: readonly ScoredImage[],
): Promise<StoredScore[]> {
  const stored: StoredScore[] = [];
  for (const { imageId, category, score, map } of images) {
    stored.push({ imageId, category, score, mapKey: await blobs.putBytes(map) });
  }
  return stored;
}

/** Store scores of a model version, and say what their cases would stand on. */
export async function storePredictions(
  tx: Transaction,
  modelVersionId: ModelVersionId,
  scored: readonly StoredScore[],
): Promise<NewCase[]> {
  const rows = scored.map(({ imageId, score, mapKey }) => ({ imageId, score, mapKey }));
  const ids = await tx.predictions.upsertMany(modelVersionId, rows);
  return scored.flatMap(({ imageId, category }): NewCase[] => {
    const predictionId = ids.get(imageId);
    return predictionId === undefined ? [] : [{ imageId, predictionId, category }];
  });
}

/** Store a batch of an inspection's scores: maps first, then predictions, cases and progress. */
export async function storeScores(
  { db, blobs, telemetry }: Pick<WorkerServices, "db" | "blobs" | "telemetry">,
  { id, projectId, modelVersionId }: ClaimedInspection,
  batch: ScoredBatch & {
    readonly imagesDone: number;
    /** Of this delivery: that scoring has begun is an event. */
    readonly isFirst: boolean;
  },
): Promise<void> {
  const scored = await storeMaps(blobs, batch.scored);
  const { imagesDone, imagesTotal } = await db.transaction(async (tx) => {
    const held = await tx.inspections.hold(id);
    // Nothing is stored any more once somebody has cancelled: what comes later would stay.
    if (held !== "scoring") throw new Error(`Expected an inspection at scoring, it is ${held}`);
    const stored = await storePredictions(tx, modelVersionId, scored);
    const cases = stored.map((each) => ({ ...each, inspectionId: id }));
    for (const { imageId, error } of batch.failed) {
      await tx.inspections.markImageFailed(id, imageId, error);
    }
    const changed = await tx.cases.openOrRefresh(projectId, cases);
    const progress = await tx.inspections.setProgress(id, batch.imagesDone);
    if (batch.isFirst) {
      const { status, imagesDone, imagesTotal } = progress;
      await recordEvent(tx, {
        projectId,
        body: { type: "inspection.status", inspectionId: id, status, imagesDone, imagesTotal },
      });
    }
    await recordCasesChanged(tx, projectId, { caseIds: changed, scopes: cases });
    return progress;
  });
  const body = { type: "inspection.images", inspectionId: id, imagesDone, imagesTotal } as const;
  telemetry.tell({ projectId, body });
}
