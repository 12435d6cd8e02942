import type { DatasetVersionId, ProjectId, UserId } from "@loupe/contracts";
import type { Transaction } from "@loupe/db";
import { recordEvent } from "@loupe/platform";

type ToldVersion = { readonly id: DatasetVersionId; readonly projectId: ProjectId };

/** Tell that there is a new version. Call it last. */
export async function recordDatasetFrozen(
  tx: Transaction,
  { id: datasetVersionId, projectId }: ToldVersion,
  actorId: UserId,
): Promise<void> {
  await recordEvent(tx, {
    projectId,
    body: { type: "dataset.frozen", datasetVersionId },
    actorId,
  });
}
