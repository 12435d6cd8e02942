import type { ClaimedInspection, InspectionEnd, Transaction } from "@loupe/db";

import { recordInspectionStatus } from "./record-inspection-status.ts";

/** End an inspection that is being scored and tell it; one that has ended stays as it is. */
export async function endInspection(
  tx: Transaction,
  { id, projectId }: Pick<ClaimedInspection, "id" | "projectId">,
  end: InspectionEnd,
): Promise<void> {
  if ((await tx.inspections.hold(id)) !== "scoring") return;
  const view = await tx.inspections.finish(id, end);
  await recordInspectionStatus(tx, { ...view, projectId });
}
