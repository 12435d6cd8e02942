import { endRescoring, recordCasesChanged, storePredictions } from "@loupe/application";
import {
  type CaseId,
  ImageId,
  isAppError,
  type JobPayload,
  type ModelVersionView,
} from "@loupe/contracts";
import type { CaseToRescore } from "@loupe/db";
import type { JobContext } from "@loupe/platform";

import { ComputeError } from "../compute/compute-error.ts";
import type { ComputeTasks } from "../compute/compute-tasks.ts";
import { storeMaps, type ScoredImage } from "../scoring/store-scores.ts";
import { locateImage } from "../training/locate-images.ts";
import type { WorkerServices } from "../worker-services.ts";

/** Cases that are read at once; their pictures are scored one by one. */
const PART = 200;
/** Cases move twice a second at most, since each time is an event. */
const STORE_EVERY_MS = 500;

type RescoringServices = Pick<WorkerServices, "db" | "blobs" | "detectors">;
type RescoringDelivery = Pick<JobContext, "signal" | "isLastAttempt" | "logger">;

/**
 * Score the undecided cases of other model versions with the one that has become active.
 *
 * Delivered at least once: what has been scored no longer stands on another version, so a delivery
 * goes on with the rest. When yet another version becomes active meanwhile, nothing is left to do.
 */
export async function rescoreCases(
  services: RescoringServices,
  { modelVersionId }: JobPayload<"model.rescore">,
  delivery: RescoringDelivery,
): Promise<void> {
  const { db } = services;
  const model = await db.models.find(modelVersionId);
  if (model === null) return;
  try {
    let after: CaseId | null = null;
    for (;;) {
      const question = { modelVersionId, after, limit: PART };
      const cases: CaseToRescore[] = await db.cases.listToRescore(question);
      const last = cases.at(-1);
      if (last === undefined) break;
      await scorePart(services, { model, cases, delivery });
      after = last.id;
    }
  } catch (error) {
    if (delivery.signal.aborted) throw error;
    const isKnown = error instanceof ComputeError || isAppError(error);
    if (!isKnown && !delivery.isLastAttempt) throw error;
    // The cases stay in the queue under the version that scored them.
    delivery.logger.warn({ err: error, modelVersionId }, "rescoring failed");
  }
  await db.transaction((tx) => endRescoring(tx, modelVersionId));
}

type Part = {
  readonly model: ModelVersionView;
  readonly cases: readonly CaseToRescore[];
  readonly delivery: RescoringDelivery;
};

async function scorePart(services: RescoringServices, part: Part): Promise<void> {
  const { model, cases } = part;
  const keys = [model.sha256, ...cases.map(({ sha256 }) => sha256)];
  await services.blobs.withLocalFiles(keys, async (locate) => {
    const detector = { file: locate(model.sha256), provider: model.provider };
    const images = cases.map((row) => locateImage(locate, row));
    await scoreOn(services, part, { detector, images });
  });
}

async function scoreOn(
  services: RescoringServices,
  { model, cases, delivery }: Part,
  { detector, images }: ComputeTasks["score"]["input"],
): Promise<void> {
  const { detectors } = services;
  const categories = new Map<string, string>(cases.map((row) => [row.imageId, row.category]));
  let batch: ScoredImage[] = [];
  let storedAt = Date.now();
  for await (const news of detectors.score(detector, images, delivery.signal)) {
    if ("error" in news) {
      delivery.logger.warn({ imageId: news.id, problem: news.error }, "case not rescored");
      continue;
    }
    const { id, score, map } = news;
    const imageId = ImageId.parse(id);
    batch.push({ imageId, category: categories.get(id) ?? "", score, map });
    if (Date.now() - storedAt < STORE_EVERY_MS) continue;
    await storeRescored(services, model, batch);
    batch = [];
    storedAt = Date.now();
  }
  if (batch.length > 0) await storeRescored(services, model, batch);
}

async function storeRescored(
  { db, blobs }: RescoringServices,
  { id, projectId }: ModelVersionView,
  batch: readonly ScoredImage[],
): Promise<void> {
  const scored = await storeMaps(blobs, batch);
  await db.transaction(async (tx) => {
    const cases = await storePredictions(tx, id, scored);
    const changed = await tx.cases.openOrRefresh(projectId, cases);
    await recordCasesChanged(tx, projectId, { caseIds: changed, scopes: cases });
  });
}
