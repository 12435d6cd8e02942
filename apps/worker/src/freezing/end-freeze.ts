import type { FreezeView, ProjectId } from "@loupe/contracts";
import type { ClaimedFreeze, FreezeEnd, Transaction } from "@loupe/db";
import { recordEvent } from "@loupe/platform";

/** End a freeze and tell it; one that has ended stays as it is. */
export async function endFreeze(
  tx: Transaction,
  { id, projectId }: Pick<ClaimedFreeze, "id" | "projectId">,
  end: FreezeEnd,
): Promise<void> {
  const view = await tx.freezes.finish(id, end);
  if (view !== null) await tellFreeze(tx, projectId, view);
}

/** Tell how far a freeze is. */
export async function tellFreeze(
  tx: Transaction,
  projectId: ProjectId,
  { id: freezeId, status, imagesDone, imagesTotal }: FreezeView,
): Promise<void> {
  await recordEvent(tx, {
    projectId,
    body: { type: "dataset.freeze", freezeId, status, imagesDone, imagesTotal },
  });
}
