import type { InspectionView, ProjectId, UserId } from "@loupe/contracts";
import type { Transaction } from "@loupe/db";
import { recordEvent } from "@loupe/platform";

type ToldInspection = Pick<InspectionView, "id" | "status" | "imagesDone" | "imagesTotal"> & {
  readonly projectId: ProjectId;
};

/** Tell how far an inspection is. Call it last. */
export async function recordInspectionProgress(
  tx: Transaction,
  { projectId, id: inspectionId, status, imagesDone, imagesTotal }: ToldInspection,
  actorId?: UserId,
): Promise<void> {
  await recordEvent(tx, {
    projectId,
    body: { type: "inspection.progress", inspectionId, status, imagesDone, imagesTotal },
    ...(actorId === undefined ? {} : { actorId }),
  });
}
