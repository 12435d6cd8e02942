import { endInspection } from "@loupe/application";
import { ImageId, isAppError, type JobPayload, type ModelVersionView } from "@loupe/contracts";
import type { ClaimedInspection, InspectionImageRow } from "@loupe/db";
import type { JobContext } from "@loupe/platform";

import { clock as systemClock } from "../clock.ts";
import { ComputeError } from "../compute/compute-error.ts";
import type { ScoreNews } from "../compute/compute-tasks.ts";
import { DISK_FULL, isDiskFull } from "../is-disk-full.ts";
import type { InspectionShare } from "../scoring/inspection-share.ts";
import { storeScores, type ScoredBatch } from "../scoring/store-scores.ts";
import { takePart } from "../scoring/take-part.ts";
import { locateImage } from "../training/locate-images.ts";
import type { WorkerServices } from "../worker-services.ts";
import { CancelWatch } from "./cancel-watch.ts";

/** People see images arrive twice a second; rows and cases come with them. */
const STORE_EVERY_MS = 500;
/** So long a worker scores for one before it looks whose turn it is. */
const TURN_MS = 15_000;

type ScoringServices = Pick<
  WorkerServices,
  "workerId" | "db" | "blobs" | "detectors" | "clock" | "telemetry"
>;
type ScoringDelivery = Pick<JobContext, "signal" | "isLastAttempt" | "logger">;

/**
 * Score images of an inspection at which nobody is, and open a case for each, until there are no
 * more or the turn is over.
 *
 * As many workers as have a place for it do so at once, each image by one of them. Whoever stores
 * the last image ends the inspection. Delivered at least once: images of a worker that was lost are
 * free again, and what has been stored stays.
 */
export async function scoreInspection(
  services: ScoringServices,
  { inspectionId }: JobPayload<"inspection.score">,
  delivery: ScoringDelivery,
): Promise<void> {
  const { db, workerId } = services;
  const claimed = await db.inspections.claim(inspectionId);
  if (claimed === null) return;
  const token = await db.leases.take({ kind: "inspection", id: inspectionId }, workerId);
  if (token === null)
    throw new Error("Expected the worker's own share of the inspection to be free");
  const hasEnded = () => db.inspections.hasEnded(inspectionId);
  const watch = new CancelWatch({ ...delivery, isCancelled: hasEnded });
  try {
    await scoreTurn(services, { claimed, token }, watch.signal);
  } catch (error) {
    if (delivery.signal.aborted) throw error;
    // Whoever cancelled has taken everything back already, and whoever failed has said why.
    if (await hasEnded()) return;
    const isFull = isDiskFull(error);
    const isKnown = error instanceof ComputeError || isAppError(error);
    if (!isKnown && !isFull && !delivery.isLastAttempt) throw error;
    delivery.logger.warn({ err: error, inspectionId }, "inspection failed");
    const message = isFull
      ? DISK_FULL
      : isKnown
        ? error.message
        : "Scoring stopped because of a fault on our side. Try again.";
    await db.transaction((tx) => endInspection(tx, claimed, { status: "failed", error: message }));
  } finally {
    watch.stop();
    // Otherwise what it did not finish would wait until this worker is taken for dead.
    await db.leases.release(token).catch((error: unknown) => {
      delivery.logger.warn({ err: error, inspectionId }, "could not give back what was not scored");
    });
  }
}

/** Score part after part. */
async function scoreTurn(
  services: ScoringServices,
  share: InspectionShare,
  signal: AbortSignal,
): Promise<void> {
  const { db, blobs, clock = systemClock } = services;
  const { claimed } = share;
  const startedAtMs = clock.nowMs();
  const model = await db.models.require(claimed.modelVersionId, claimed.projectId);
  await requireSoundModel(blobs, claimed);
  do {
    const rows = await takePart(services, share);
    if (rows.length === 0) return endEmpty(db, claimed);
    await scorePart(services, { share, model, rows }, signal);
  } while (clock.nowMs() - startedAtMs < TURN_MS);
}

/** One of whose images none is left was ended with the last of them, unless it had none. */
async function endEmpty(db: ScoringServices["db"], claimed: ClaimedInspection): Promise<void> {
  await db.transaction(async (tx) => {
    if ((await tx.inspections.countLeft(claimed.id)) > 0) return;
    await endInspection(tx, claimed, { status: "succeeded" });
  });
}

type Part = {
  readonly share: InspectionShare;
  readonly model: ModelVersionView;
  readonly rows: readonly InspectionImageRow[];
};

async function scorePart(
  services: ScoringServices,
  { share, model, rows }: Part,
  signal: AbortSignal,
): Promise<void> {
  const { modelSha256 } = share.claimed;
  const keys = [modelSha256, ...rows.map(({ sha256 }) => sha256)];
  await services.blobs.withLocalFiles(keys, (locate) => {
    const detector = { file: locate(modelSha256), provider: model.provider };
    const images = rows.map((row) => locateImage(locate, row));
    return storeAll(services, { share, rows }, services.detectors.score(detector, images, signal));
  });
}

async function storeAll(
  services: ScoringServices,
  { share, rows }: Pick<Part, "share" | "rows">,
  scores: AsyncIterable<ScoreNews>,
): Promise<void> {
  const { clock = systemClock } = services;
  const byId = new Map<string, InspectionImageRow>(rows.map((row) => [row.imageId, row]));
  let batch: ScoredBatch = { scored: [], failed: [] };
  let done = 0;
  let storedAtMs = clock.nowMs();
  for await (const news of scores) {
    done += 1;
    batch = addTo(batch, news, byId);
    if (done < rows.length && clock.nowMs() - storedAtMs < STORE_EVERY_MS) continue;
    await storeScores(services, share, batch);
    batch = { scored: [], failed: [] };
    storedAtMs = clock.nowMs();
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
