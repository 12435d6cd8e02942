import type { ContentHash, ImageId, ModelVersionId } from "@loupe/contracts";
import type { NewCase, Transaction } from "@loupe/db";

/** A score whose map is in the blob store. */
export type StoredScore = {
  readonly imageId: ImageId;
  readonly category: string;
  readonly score: number;
  readonly mapKey: ContentHash;
};

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
