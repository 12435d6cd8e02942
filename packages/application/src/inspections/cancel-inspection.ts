import type { InspectionId, InspectionView, ProjectId } from "@loupe/contracts";

import { authorOf } from "../actor/person-of.ts";
import { recordCasesChanged } from "../review/record-cases-changed.ts";
import { projectUseCase } from "../use-case/project-use-case.ts";
import { recordInspectionStatus } from "./record-inspection-status.ts";

/**
 * Cancel an inspection and take back its pictures, scores and cases, but what people have decided.
 *
 * One drop holds few enough pictures to do it here; its worker finds it cancelled and stores no more.
 */
export const cancelInspection = projectUseCase(
  "inspection:write",
  (
    { db, actor, projectId },
    { inspectionId }: { projectId: ProjectId; inspectionId: InspectionId },
  ): Promise<InspectionView> =>
    db.transaction(async (tx) => {
      const { inspection, cases, isNew } = await tx.inspections.cancel(inspectionId, projectId);
      if (!isNew) return inspection;
      await recordInspectionStatus(tx, { ...inspection, projectId }, authorOf(actor));
      const caseIds = cases.map(({ id }) => id);
      await recordCasesChanged(tx, projectId, { caseIds, scopes: cases });
      return inspection;
    }),
);
