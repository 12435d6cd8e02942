import { ImageId, isAppError, type JobPayload } from "@loupe/contracts";
import type { ClaimedInspection, InspectionImageRow } from "@loupe/db";
import type { JobContext } from "@loupe/platform";

import { ComputeError } from "../compute/compute-error.ts";
import type { ScoreNews } from "../compute/compute-tasks.ts";
import { DISK_FULL, isDiskFull } from "../is-disk-full.ts";
import { endInspection } from "../scoring/end-inspection.ts";
import { storeScores, type ScoredBatch } from "../scoring/store-scores.ts";
import { locateImage } from "../training/locate-images.ts";
import type { WorkerServices } from "../worker-services.ts";
import { CancelWatch } from "./cancel-watch.ts";

/** People see images arrive twice a second; rows and cases come with them. */
const STORE_EVERY_MS = 500;

type ScoringServices = Pick<WorkerServices, "db" | "blobs" | "detectors" | "telemetry">;
type ScoringDelivery = Pick<JobContext, "signal" | "isLastAttempt" | "logger">;

/**
 * Score the images of an inspection and open a case for each.
 *
 * Delivered at least once; scoring an image again gives the same prediction and the same case.
 */
export async function scoreInspection(
  services: ScoringServices,
  { inspectionId }: JobPayload<"inspection.score">,
  delivery: ScoringDelivery,
): Promise<void> {
  const claimed = await services.db.inspections.claim(inspectionId);
  if (claimed === null) return;
  const isCancelled = () => services.db.inspections.isCancelled(inspectionId);
  const watch = new CancelWatch({ ...delivery, isCancelled });
  try {
    await scoreAll(services, claimed, watch.signal);
    await services.db.transaction((tx) => endInspection(tx, claimed, { status: "succeeded" }));
  } catch (error) {
    if (delivery.signal.aborted) throw error;
    // Whoever cancelled has taken everything back already.
    if (await isCancelled()) return;
    const isFull = isDiskFull(error);
    const isKnown = error instanceof ComputeError || isAppError(error);
    if (!isKnown && !isFull && !delivery.isLastAttempt) throw error;
    delivery.logger.warn({ err: error, inspectionId }, "inspection failed");
    const message = isFull
      ? DISK_FULL
      : isKnown
        ? error.message
        : "Scoring stopped because of a fault on our side. Try again.";
    await services.db.transaction((tx) =>
      endInspection(tx, claimed, { status: "failed", error: message }),
    );
  } finally {
    watch.stop();
  }
}

async function scoreAll(
  services: ScoringServices,
  claimed: ClaimedInspection,
  signal: AbortSignal,
): Promise<void> {
  const { db, blobs } = services;
  const { modelSha256 } = claimed;
  const model = await db.models.require(claimed.modelVersionId, claimed.projectId);
  const rows = await db.inspections.images(claimed.id);
  await requireSoundModel(blobs, claimed);
  const keys = [modelSha256, ...rows.map(({ sha256 }) => sha256)];
  await blobs.withLocalFiles(keys, (locate) => {
    const detector = { file: locate(modelSha256), provider: model.provider };
    const images = rows.map((row) => locateImage(locate, row));
    return storeAll(
      services,
      { claimed, rows },
      services.detectors.score(detector, images, signal),
    );
  });
}

type Scoring = {
  readonly claimed: ClaimedInspection;
  readonly rows: readonly InspectionImageRow[];
};

async function storeAll(
  services: ScoringServices,
  { claimed, rows }: Scoring,
  scores: AsyncIterable<ScoreNews>,
): Promise<void> {
  const byId = new Map<string, InspectionImageRow>(rows.map((row) => [row.imageId, row]));
  let batch: ScoredBatch = { scored: [], failed: [] };
  let done = 0;
  let isFirst = true;
  let storedAt = Date.now();
  for await (const news of scores) {
    done += 1;
    batch = addTo(batch, news, byId);
    if (done < rows.length && Date.now() - storedAt < STORE_EVERY_MS) continue;
    await storeScores(services, claimed, { ...batch, imagesDone: done, isFirst });
    isFirst = false;
    batch = { scored: [], failed: [] };
    storedAt = Date.now();
  }
}

/** The model's file has to be the one that was stored. */
async function requireSoundModel(
  blobs: ScoringServices["blobs"],
  { modelSha256 }: ClaimedInspection,
): Promise<void> {
  if (await blobs.verify(modelSha256)) return;
  throw new ComputeError({
    message:
      "Expected the model's file as it was stored, but its bytes have changed since. Restore the " +
      "file from a backup, or train again.",
  });
}

function addTo(
  batch: ScoredBatch,
  news: ScoreNews,
  byId: ReadonlyMap<string, InspectionImageRow>,
): ScoredBatch {
  const imageId = ImageId.parse(news.id);
  if ("error" in news) {
    return { ...batch, failed: [...batch.failed, { imageId, error: news.error }] };
  }
  const category = byId.get(news.id)?.category ?? "";
  const { score, map } = news;
  return { ...batch, scored: [...batch.scored, { imageId, category, score, map }] };
}
