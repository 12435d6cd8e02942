import type { FreezeView, ProjectId, UserId } from "@loupe/contracts";
import type { Transaction } from "@loupe/db";
import { recordEvent } from "@loupe/platform";

type ToldFreeze = Pick<FreezeView, "id" | "status" | "imagesDone" | "imagesTotal"> & {
  readonly projectId: ProjectId;
};

/** Tell how far a freeze is. Call it last. */
export async function recordFreeze(
  tx: Transaction,
  { projectId, id: freezeId, status, imagesDone, imagesTotal }: ToldFreeze,
  actorId?: UserId,
): Promise<void> {
  await recordEvent(tx, {
    projectId,
    body: { type: "dataset.freeze", freezeId, status, imagesDone, imagesTotal },
    ...(actorId === undefined ? {} : { actorId }),
  });
}
