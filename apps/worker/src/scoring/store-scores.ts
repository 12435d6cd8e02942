import type { ContentHash, ImageId } from "@loupe/contracts";
import type { ClaimedInspection, NewCase } from "@loupe/db";
import { recordEvent } from "@loupe/platform";

import type { MapBytes } from "../compute/compute-tasks.ts";
import type { WorkerServices } from "../worker-services.ts";

export type ScoredImage = {
  readonly imageId: ImageId;
  readonly category: string;
  readonly score: number;
  readonly map: MapBytes;
};

export type ScoredBatch = {
  readonly scored: readonly ScoredImage[];
  readonly failed: readonly { readonly imageId: ImageId; readonly error: string }[];
};

/** Store a batch of an inspection's scores: maps first, then predictions, cases and progress. */
export async function storeScores(
  { db, blobs }: Pick<WorkerServices, "db" | "blobs">,
  { id, projectId, modelVersionId }: ClaimedInspection,
  batch: ScoredBatch & { readonly imagesDone: number },
): Promise<void> {
  const withKeys: (ScoredImage & { mapKey: ContentHash })[] = [];
  for (const scored of batch.scored) {
    withKeys.push({ ...scored, mapKey: await blobs.putBytes(scored.map) });
  }
  await db.transaction(async (tx) => {
    const held = await tx.inspections.hold(id);
    // Nothing is stored any more once somebody has cancelled: what comes later would stay.
    if (held !== "scoring") throw new Error(`Expected an inspection at scoring, it is ${held}`);
    const rows = withKeys.map(({ imageId, score, mapKey }) => ({ imageId, score, mapKey }));
    const ids = await tx.predictions.upsertMany(modelVersionId, rows);
    const cases = withKeys.flatMap(({ imageId, category, score }): NewCase[] => {
      const predictionId = ids.get(imageId);
      if (predictionId === undefined) return [];
      return [{ imageId, predictionId, category, score, inspectionId: id }];
    });
    for (const { imageId, error } of batch.failed) {
      await tx.inspections.markImageFailed(id, imageId, error);
    }
    const count = await tx.cases.openOrRefresh(projectId, cases);
    const { status, imagesDone, imagesTotal } = await tx.inspections.setProgress(
      id,
      batch.imagesDone,
    );
    await recordEvent(tx, {
      projectId,
      body: { type: "inspection.progress", inspectionId: id, status, imagesDone, imagesTotal },
    });
    if (count > 0) {
      const counts = await tx.cases.countScopes(projectId, cases);
      await recordEvent(tx, { projectId, body: { type: "cases.changed", count, counts } });
    }
  });
}
