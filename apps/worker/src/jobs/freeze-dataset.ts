import { endFreeze, recordDatasetFrozen, recordFreeze, runFreeze } from "@loupe/application";
import { isAppError, type JobPayload } from "@loupe/contracts";
import type { ClaimedFreeze, FreezeProgress } from "@loupe/db";
import type { JobContext } from "@loupe/platform";

import type { WorkerServices } from "../worker-services.ts";

/** Progress is news at most this often. */
const NEWS_EVERY_MS = 500;

type FreezeServices = Pick<WorkerServices, "db">;
type FreezeDelivery = Pick<JobContext, "signal" | "isLastAttempt" | "logger">;

/**
 * Freeze a project's images as a version, and tell how far that is.
 *
 * Delivered at least once: the version and the end of its freeze are committed together, so a
 * delivery after a crash either finds it ended or begins anew.
 */
export async function freezeDataset(
  services: FreezeServices,
  { freezeId }: JobPayload<"dataset.freeze">,
  { signal, isLastAttempt, logger }: FreezeDelivery,
): Promise<void> {
  const { db } = services;
  const claimed = await db.freezes.claim(freezeId);
  if (claimed === null) return db.datasets.dropSnapshot(freezeId);
  let toldAt = 0;
  try {
    await runFreeze(db, claimed, {
      signal,
      onProgress: async (progress) => {
        if (Date.now() - toldAt < NEWS_EVERY_MS) return;
        toldAt = Date.now();
        await tellProgress(services, claimed, progress);
      },
      conclude: async (tx, { version, isNew }) => {
        const { projectId, createdById: actorId } = claimed;
        await endFreeze(tx, claimed, { status: "succeeded", datasetVersionId: version.id, isNew });
        if (!isNew) return;
        await recordDatasetFrozen(tx, { id: version.id, projectId }, actorId);
      },
    });
  } catch (error) {
    if (signal.aborted) throw error;
    if (!isAppError(error) && !isLastAttempt) throw error;
    logger.warn({ err: error, freezeId }, "version not frozen");
    const sentence = isAppError(error)
      ? error.message
      : "Freezing stopped because of a fault on our side. There is no version of it; try again.";
    await db.transaction(async (tx) => {
      await tx.datasets.dropSnapshot(freezeId);
      await endFreeze(tx, claimed, { status: "failed", error: sentence });
    });
  }
}

async function tellProgress(
  { db }: FreezeServices,
  { id, projectId }: ClaimedFreeze,
  progress: FreezeProgress,
): Promise<void> {
  await db.transaction(async (tx) => {
    const view = await tx.freezes.setProgress(id, progress);
    if (view !== null) await recordFreeze(tx, { ...view, projectId });
  });
}
