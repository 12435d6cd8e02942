import { storeShare, type ScoredPart, type StoredScore } from "@loupe/application";
import type { ImageId } from "@loupe/contracts";

import type { MapBytes } from "../compute/compute-tasks.ts";
import type { WorkerServices } from "../worker-services.ts";
import type { InspectionShare } from "./inspection-share.ts";

export type ScoredImage = {
  readonly imageId: ImageId;
  readonly category: string;
  readonly score: number;
  readonly map: MapBytes;
};

export type ScoredBatch = Pick<ScoredPart, "failed"> & { readonly scored: readonly ScoredImage[] };

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

/** Store a batch of a worker's share of an inspection: maps first, then rows, then how far it is. */
export async function storeScores(
  services: Pick<WorkerServices, "db" | "blobs" | "telemetry">,
  share: InspectionShare,
  { scored, failed }: ScoredBatch,
): Promise<void> {
  const maps = await storeMaps(services.blobs, scored);
  const { imagesDone, imagesTotal } = await storeShare(services, share, { scored: maps, failed });
  const { id: inspectionId, projectId } = share.claimed;
  const body = { type: "inspection.images", inspectionId, imagesDone, imagesTotal } as const;
  services.telemetry.tell({ projectId, body });
}
