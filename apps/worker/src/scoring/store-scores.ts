import { recordCasesChanged } from "@loupe/application";
import type { ContentHash, ImageId, ModelVersionId } from "@loupe/contracts";
import type { NewCase, Transaction } from "@loupe/db";
import { recordEvent } from "@loupe/platform";

import type { MapBytes } from "../compute/compute-tasks.ts";
import type { WorkerServices } from "../worker-services.ts";
import { endInspection } from "./end-inspection.ts";
import type { InspectionShare } from "./inspection-share.ts";

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

/**
 * Store a batch of a worker's share of an inspection: maps first, then predictions, cases and
 * progress. The last batch of all ends it.
 *
 * Throws `LeaseLost` when others have been given the images meanwhile; then nothing is stored.
 */
export async function storeScores(
  { db, blobs, telemetry }: Pick<WorkerServices, "db" | "blobs" | "telemetry">,
  { claimed, token }: InspectionShare,
  batch: ScoredBatch,
): Promise<void> {
  const { id, projectId, modelVersionId } = claimed;
  const scored = await storeMaps(blobs, batch.scored);
  const { imagesDone, imagesTotal } = await db.transaction(async (tx) => {
    const held = await tx.inspections.hold(id);
    // Nothing is stored any more once somebody has cancelled: what comes later would stay.
    if (held !== "scoring") throw new Error(`Expected an inspection at scoring, it is ${held}`);
    const images = [
      ...batch.scored.map(({ imageId }) => ({ imageId, error: null })),
      ...batch.failed,
    ];
    const { view, left } = await tx.inspections.completeImages({ id, images }, token);
    const stored = await storePredictions(tx, modelVersionId, scored);
    const cases = stored.map((each) => ({ ...each, inspectionId: id }));
    const changed = await tx.cases.openOrRefresh(projectId, cases);
    // That scoring has begun is an event, how far it is is not.
    if (view.imagesDone === images.length) {
      const { status, imagesDone, imagesTotal } = view;
      await recordEvent(tx, {
        projectId,
        body: { type: "inspection.status", inspectionId: id, status, imagesDone, imagesTotal },
      });
    }
    await recordCasesChanged(tx, projectId, { caseIds: changed, scopes: cases });
    if (left === 0) await endInspection(tx, claimed, { status: "succeeded" });
    return view;
  });
  const body = { type: "inspection.images", inspectionId: id, imagesDone, imagesTotal } as const;
  telemetry.tell({ projectId, body });
}
