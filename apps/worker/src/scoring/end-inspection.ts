import type { ClaimedInspection, InspectionEnd, Transaction } from "@loupe/db";
import { recordEvent } from "@loupe/platform";

/** End an inspection that is being scored and tell it; one that has ended stays as it is. */
export async function endInspection(
  tx: Transaction,
  { id, projectId }: Pick<ClaimedInspection, "id" | "projectId">,
  end: InspectionEnd,
): Promise<void> {
  if ((await tx.inspections.hold(id)) !== "scoring") return;
  const { status, imagesDone, imagesTotal } = await tx.inspections.finish(id, end);
  await recordEvent(tx, {
    projectId,
    body: { type: "inspection.status", inspectionId: id, status, imagesDone, imagesTotal },
  });
}
