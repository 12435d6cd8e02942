import { casesChanged, type InspectionId, type InspectionView } from "@loupe/contracts";
import { recordEvent } from "@loupe/platform";

import type { ProjectContext } from "../../../server/project-context.ts";

/**
 * Cancel an inspection and take back its pictures, scores and cases, but what people have decided.
 *
 * One drop holds few enough pictures to do it here; its worker finds it cancelled and stores no more.
 */
export function cancelInspection(
  ctx: ProjectContext,
  inspectionId: InspectionId,
): Promise<InspectionView> {
  const { projectId } = ctx;
  return ctx.db.transaction(async (tx) => {
    const { inspection, cases, isNew } = await tx.inspections.cancel(inspectionId, projectId);
    if (!isNew) return inspection;
    const { status, imagesDone, imagesTotal } = inspection;
    await recordEvent(tx, {
      projectId,
      body: { type: "inspection.progress", inspectionId, status, imagesDone, imagesTotal },
      actorId: ctx.user.id,
    });
    const counts = await tx.cases.countScopes(projectId, cases);
    const caseIds = cases.map(({ id }) => id);
    await recordEvent(tx, { projectId, body: casesChanged(caseIds, counts) });
    return inspection;
  });
}
