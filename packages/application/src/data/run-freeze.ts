import type { ProjectId, UserId } from "@loupe/contracts";
import type { Database, FreezeProgress, FrozenDataset, Transaction } from "@loupe/db";

export type FreezeOrder = {
  /** Whose snapshot it is, so that a delivery again replaces what the one before had noted. */
  readonly id: string;
  readonly projectId: ProjectId;
  /** Left out: "Version N". */
  readonly name?: string;
  readonly createdById: UserId;
};

export type FreezeSteps = {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: FreezeProgress) => Promise<void>;
  /** What belongs to the version's transaction: whoever waits for it learns of it with it. */
  readonly conclude: (tx: Transaction, frozen: FrozenDataset) => Promise<void>;
};

/**
 * Freeze a project's images as they are at this moment, in constant memory however many there are.
 *
 * Which images there are is noted in one statement. Their hash is taken page by page, and the
 * version is made inside the database from what was noted, so that images that come or change
 * meanwhile are in it wholly or not at all.
 */
export async function runFreeze(
  db: Database,
  { id, ...order }: FreezeOrder,
  { signal, onProgress, conclude }: FreezeSteps,
): Promise<void> {
  const snapshot = await db.datasets.takeSnapshot(id, order.projectId);
  const imagesTotal = snapshot.images;
  await onProgress({ imagesDone: 0, imagesTotal });
  const manifestHash = await db.datasets.hashSnapshot(snapshot, async (imagesDone) => {
    signal.throwIfAborted();
    await onProgress({ imagesDone, imagesTotal });
  });
  await db.transaction(async (tx) => {
    const frozen = await tx.datasets.concludeFreeze({ snapshot, manifestHash, ...order });
    await conclude(tx, frozen);
  });
}
