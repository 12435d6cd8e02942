import type { InspectionView, ProjectId, UserId } from "@loupe/contracts";
import type { Transaction } from "@loupe/db";
import { recordEvent } from "@loupe/platform";

type ToldInspection = Pick<InspectionView, "id" | "status" | "imagesDone" | "imagesTotal"> & {
  readonly projectId: ProjectId;
};

/** Tell that an inspection began, ended or was cancelled. Call it last. */
export async function recordInspectionStatus(
  tx: Transaction,
  { projectId, id: inspectionId, status, imagesDone, imagesTotal }: ToldInspection,
  actorId?: UserId,
): Promise<void> {
  await recordEvent(tx, {
    projectId,
    body: { type: "inspection.status", inspectionId, status, imagesDone, imagesTotal },
    ...(actorId === undefined ? {} : { actorId }),
  });
}
