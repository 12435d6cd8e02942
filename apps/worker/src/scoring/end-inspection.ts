import type { ClaimedInspection, InspectionEnd, Transaction } from "@loupe/db";
import { recordEvent } from "@loupe/platform";

/** End an inspection and tell it. */
export async function endInspection(
  tx: Transaction,
  { id, projectId }: Pick<ClaimedInspection, "id" | "projectId">,
  end: InspectionEnd,
): Promise<void> {
  const { status, imagesDone, imagesTotal } = await tx.inspections.finish(id, end);
  await recordEvent(tx, {
    projectId,
    body: { type: "inspection.progress", inspectionId: id, status, imagesDone, imagesTotal },
  });
}
