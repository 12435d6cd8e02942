import type { ImageId, InspectionView } from "@loupe/contracts";
import type { ClaimedInspection, LeaseToken } from "@loupe/db";

import { storePredictions, type StoredScore } from "../models/store-predictions.ts";
import { recordCasesChanged } from "../review/record-cases-changed.ts";
import type { Ports } from "../use-case/ports.ts";
import { endInspection } from "./end-inspection.ts";
import { recordInspectionStatus } from "./record-inspection-status.ts";

export type ScoredPart = {
  readonly scored: readonly StoredScore[];
  readonly failed: readonly { readonly imageId: ImageId; readonly error: string }[];
};

type Share = { readonly claimed: ClaimedInspection; readonly token: LeaseToken };

/**
 * Store a part of a worker's share of an inspection: predictions, cases and progress. The last part of
 * all ends it.
 *
 * Throws `LeaseLost` when others have been given the images meanwhile; then nothing is stored.
 */
export function storeShare(
  { db }: Pick<Ports, "db">,
  { claimed, token }: Share,
  { scored, failed }: ScoredPart,
): Promise<InspectionView> {
  const { id, projectId, modelVersionId } = claimed;
  return db.transaction(async (tx) => {
    const held = await tx.inspections.hold(id);
    // Nothing is stored any more once somebody has cancelled: what comes later would stay.
    if (held !== "scoring") throw new Error(`Expected an inspection at scoring, it is ${held}`);
    const images = [...scored.map(({ imageId }) => ({ imageId, error: null })), ...failed];
    const { view, left } = await tx.inspections.completeImages({ id, images }, token);
    const stored = await storePredictions(tx, modelVersionId, scored);
    const cases = stored.map((each) => ({ ...each, inspectionId: id }));
    const changed = await tx.cases.openOrRefresh(projectId, cases);
    // That scoring has begun is an event, how far it is is not.
    if (view.imagesDone === images.length) {
      await recordInspectionStatus(tx, { ...view, projectId });
    }
    await recordCasesChanged(tx, projectId, { caseIds: changed, scopes: cases });
    if (left === 0) await endInspection(tx, claimed, { status: "succeeded" });
    return view;
  });
}
